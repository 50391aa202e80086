"""The merchant's pages: each view looks up, calls one selector or service, and answers."""
