"""Small merchants live through their days while everything fails now and then; then all has to be right.

A merchant with a dozen goods works at the till and in VK, two runs a day meet faults at 3 % of the requests
(and sick readings, lagging lists and killed processes at 3 % of the runs), and hours pass by a clock of its
own. After every write of VK's a look at the shop counts forbidden goods and second items that anybody could
see.
"""
