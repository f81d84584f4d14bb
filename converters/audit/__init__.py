"""What pulls annotators, how they work and what they leave out: the numbers of the audit. Knows no files."""
