"""How far annotators agree, with intervals: numbers for the card and the audit. Knows no files."""
