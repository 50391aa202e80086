"""The merchant's goods as a YML file for importers: the same rules and reasons as the run, no VK needed."""

from syncing.feed.secret_urls import feed_at, feed_url, issue_feed, revoke_feed

__all__ = ["feed_at", "feed_url", "issue_feed", "revoke_feed"]
