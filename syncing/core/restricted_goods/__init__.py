"""Tells goods that VK does not take from ordinary ones, and says when it is not sure.

`classifier` asks in this order: the till's type, the name (`name_parser`, then `name_classifier`), the
groups' names, the till's flags, and the merchant's decisions. `vocabulary` knows the words.
"""
