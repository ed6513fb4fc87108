"""What is late: a hazard folded for the rules, its clocks, the calendar, conditions, and why."""
