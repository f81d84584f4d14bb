"""Two outputs of a labeling job, compared answer by answer."""
