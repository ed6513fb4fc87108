"""Who was told what, and what became of it."""
