"""Attacks on a production set-up: `make attack`. Each module is one kind of attack with a function `run`."""
