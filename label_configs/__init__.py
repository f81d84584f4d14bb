"""Floor 1: what annotators are asked. Task definitions, and their renderings for labeling tools.

Imports no other floor and touches no file, network or clock.
"""
