"""Labeling jobs as projects of a Label Studio server: made, described, answered, exported, sent back."""
