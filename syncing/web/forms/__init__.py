"""Forms of the merchant pages."""
