"""What ``scripts/stress`` runs: a module for each kind of trouble, all of them through the interface in ``part``."""
