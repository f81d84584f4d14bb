"""A Label Studio of one's own, on loopback: run, filled, shown."""
