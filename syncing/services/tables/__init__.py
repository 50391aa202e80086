"""Goods as a table in a file: exported, read by a worker, compared, imported, and taken back."""
