"""A Ground Truth job becomes a labeling job on Label Studio, and can come back."""
