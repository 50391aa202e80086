"""The merchant's pages: each view looks up, calls one presenter or service, and responds."""
