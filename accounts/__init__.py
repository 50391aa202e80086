"""People: the merchant's and the staff's accounts."""
