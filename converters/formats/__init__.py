"""One file per wire format: its records <-> its documents."""
