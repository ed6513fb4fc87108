"""The services; each runs alone, many times, or all in one process."""
