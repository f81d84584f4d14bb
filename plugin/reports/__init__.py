"""The audit as a page for people."""
