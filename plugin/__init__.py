"""Floor 3: everything that touches a live system, and the command line. Importing it imports nothing heavy."""
