"""Bring old tables in: form A (排查表) as .xlsx or .csv, commands as .jsonl."""
