"""Datasets of judgements -> items and answers, so that existing data can be judged again. Opens nothing."""
