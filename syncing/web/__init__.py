"""All merchant pages."""
