"""What several ledgers say in the same words: columns and rules that a ledger takes in, and how acts are read."""
