"""Tells goods that VK does not take from ordinary ones, and says when it is not sure.

`classifier` asks in this order: the till's type, the name (`judgement`, over what `reading` makes of it),
the groups' names, the till's flags, and the merchant's decisions. `vocabulary` knows the words.
"""
