"""The Django project: settings, urls, and the wiring of the broker."""
