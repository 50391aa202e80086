"""From the till to rows: one function that all callers use."""
