"""`bihuan policy …`: escalation rules checked, adopted, explained, tried on the past."""
