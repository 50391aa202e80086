"""The demo: its shop, its page, its lock and its port."""
