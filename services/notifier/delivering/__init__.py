"""From a notice's claim to its arrival, and what becomes of it."""
