"""Goods as a table: its columns, what a cell says, how a file is read, and what a line would change."""
