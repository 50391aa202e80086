"""Template tags of the merchant pages."""
