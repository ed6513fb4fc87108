"""History walked again under other rules."""
