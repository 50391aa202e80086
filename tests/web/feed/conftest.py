"""A merchant with a feed, and an importer that knows its address."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from syncing.choices import ComputationKind
from syncing.feed import feed_url, issue_feed
from syncing.jobs import computations
from syncing.models import Feed
from tests.computing import compute_asked
from tests.web.shop import Shop, a_merchant


@pytest.fixture
def shop(db: None) -> Shop:
    """Return a shop whose bread and milk go out; its beer may not."""
    return Shop(a_merchant("owner@example.com"))


@pytest.fixture
def owner(shop: Shop) -> Client:
    """Return the browser of the shop's owner, who reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(shop.user)
    return client


@pytest.fixture
def feed(shop: Shop) -> Feed:
    """Return the shop's feed."""
    return issue_feed(shop.user)


@pytest.fixture
def read(feed: Feed) -> Iterator[Callable[..., Any]]:
    """Return a function that builds the feed and reads it as an importer would, without a session."""

    def read(**headers: str) -> Any:
        computations.ask(feed.user, ComputationKind.FEED)
        compute_asked()
        answers.append(Client().get(feed_url(feed), headers=headers))
        return answers[-1]

    answers: list[Any] = []
    yield read
    for answer in answers:
        answer.close()


def body(response: Any) -> bytes:
    """Return the whole body of an answer that is streamed."""
    return b"".join(response.streaming_content)
