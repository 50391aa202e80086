"""Photos that come many at once: received, prepared, matched, shown, saved, taken back."""
