"""`bihuan demo`: published cases and an illustrative township, played through the real services on a virtual clock."""
