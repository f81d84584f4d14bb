"""What makes an answer valid, and what several answers say together."""
