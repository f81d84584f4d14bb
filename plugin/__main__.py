"""``python -m gtbridge.plugin`` is ``gtbridge``."""

from .cli import main

main()
