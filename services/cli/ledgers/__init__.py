"""`bihuan ledger …`: the ledgers 台账 shown, traced, verified, rebuilt."""
