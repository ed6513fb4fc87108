"""The store: the only code that knows JetStream's protocol. It knows no domain."""
