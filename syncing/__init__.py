"""From the mirror of the till to the VK shop: rules, runs, results."""
