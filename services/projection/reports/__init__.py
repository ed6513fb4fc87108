"""What the forms print: figures from the ledgers, as of a cut-off, each with the keys that it counts."""
