"""What is VK's own in carrying out a plan."""
