"""What all apps stand on and that knows none of them."""
