"""What the sync costs, in counts and ratios: `make bench`."""
