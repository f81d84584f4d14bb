"""A job's output of any kind: opened, read whole, compared, made a dataset of."""
