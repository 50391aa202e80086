"""Messages to browsers by the push services of their makers. HTTP only."""
