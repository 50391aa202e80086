"""What operators look at: health, metrics and the admin's front page."""
