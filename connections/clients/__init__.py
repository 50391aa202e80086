"""HTTP clients for Evotor and VK. They know no Django, no rows and no settings."""
