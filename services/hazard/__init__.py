"""The command side: it decides, and appends what it decided."""
