"""What can be done with a merchant's sync, one verb a function."""
