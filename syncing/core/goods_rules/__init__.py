"""The merchant's rules for goods: conditions that pick products, actions that change what VK gets.

Rules are applied from the first to the last. Each price action goes on from the price that the rules above
have made; of every other action the last one counts. Pure: which rules are in force now is decided outside.
"""
