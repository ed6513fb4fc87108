"""The command line, `bihuan …`."""
