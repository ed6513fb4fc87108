"""The notifier: who is late, who is told, and what became of it."""
