"""What Evotor's cloud calls at our address (webhooks), by its reference of 2018 to 2025."""
