"""How many deliberate faults in the core do its tests notice? docs/mutation.md has the figures."""
