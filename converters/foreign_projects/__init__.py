"""Label Studio projects that gtbridge did not make: their labeling configs, tasks and annotations -> items, answers."""
