"""How each event changes what the rules look at; events of one kind to a file."""
