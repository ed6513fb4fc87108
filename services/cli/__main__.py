"""`python -m services.cli` is `bihuan`."""

from services.cli.main import main

main()
