"""Changes the merchant's choices for many goods at once, and takes the last change back."""
