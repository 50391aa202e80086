"""Pictures of products: the merchant's own, normalised, and drawn placeholders."""
