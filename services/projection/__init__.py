"""Ledgers, reports and forms: all derived from the events, and rebuilt from them at any time."""
