"""Staff's view of merchants as a whole: rules, runs, items in VK, and why a product is in or out.

Pages of users and products stand here too, because they show what only this app knows.
"""

from syncing.staff import jobs, merchants, notifications, products, rules, tasks

__all__ = ["jobs", "merchants", "notifications", "products", "rules", "tasks"]
