"""The guard: an extension of an unmodified Label Studio server, which runs inside it.

Imports Django, Label Studio's models and the two lower floors; nothing else of the plugin, no SDK, no dataset code.
"""
