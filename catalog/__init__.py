"""Our mirror of the till: stores, groups, products, photos."""
