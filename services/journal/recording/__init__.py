"""What stands behind persistence.py: the recorders of the `eventsourcing` library, and the thread that carries them."""
