"""Evotor's cloud API over HTTP."""
