"""Floor 2: formats. Pure functions between records, wire formats and dataset rows.

Reads from and writes to open files that it is handed; opens nothing, asks no clock, keeps no global state and prints
nothing.
"""
