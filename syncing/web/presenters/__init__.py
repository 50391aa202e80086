"""What the merchant's pages read, one module per page. Nothing here writes."""
