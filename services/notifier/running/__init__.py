"""What keeps a notifier running: queues, pumps, its heartbeat, what it makes anew."""
