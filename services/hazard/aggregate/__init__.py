"""Pure rules: no clock, no log, no I/O, no library."""
