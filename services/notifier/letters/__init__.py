"""Who is told, and in what words."""
