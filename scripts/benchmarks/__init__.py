"""Measures gtbridge beside what people would use in its place; ``scripts/bench`` runs it. No part of the product."""
