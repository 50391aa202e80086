"""The parts of a plan, in the order in which the planner makes them."""
