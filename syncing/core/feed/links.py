"""The address of a product's page, by a pattern that the merchant gives. Pure: no rows, no net.

A pattern is an address of the merchant's own site with fields of the till in braces, such as
`https://shop.example/catalog/{code}`.
"""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from syncing.core.feed.offers import FeedOffer
from syncing.core.template_faults import lone_brace

PATTERN_MAX: Final = 300
FIELDS: Final = ("code", "article", "id")
# VK's names before the last dot of a host: an address there is no page of the merchant's own site.
VK_NAMES: Final = frozenset({"vk", "vkontakte"})
_FIELD = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,61}")
# What may stand in an address as it is; the rest is percent-encoded.
_SAFE: Final = "/:?#[]@!$&'()*+,;=%-._~"


class LinkFault(StrEnum):
    """What is wrong with a pattern."""

    NOT_AN_ADDRESS = "not_an_address"
    TOO_LONG = "too_long"
    UNKNOWN_FIELD = "unknown_field"
    LONE_BRACE = "lone_brace"
    NO_FIELD = "no_field"
    FIELD_IN_HOST = "field_in_host"
    VK_PAGE = "vk_page"


class InvalidLinkPattern(ValueError):
    """A pattern that cannot give addresses. `word` is the field or the part that is wrong, or empty."""

    def __init__(self, fault: LinkFault, word: str = "") -> None:
        super().__init__(f"{fault} {word}".strip())
        self.fault, self.word = fault, word


def parse_pattern(text: str) -> str:
    """Return a pattern as it is kept. Raises InvalidLinkPattern."""
    pattern = text.strip()
    if len(pattern) > PATTERN_MAX:
        raise InvalidLinkPattern(LinkFault.TOO_LONG)
    host = _host(pattern)
    if "{" in host or "}" in host:
        raise InvalidLinkPattern(LinkFault.FIELD_IN_HOST)
    if not _HOST.fullmatch(host) or not _ascii_host(host):
        raise InvalidLinkPattern(LinkFault.NOT_AN_ADDRESS)
    if host.split(".")[-2] in VK_NAMES:
        raise InvalidLinkPattern(LinkFault.VK_PAGE)
    names = _FIELD.findall(pattern)
    for name in names:
        if name not in FIELDS:
            raise InvalidLinkPattern(LinkFault.UNKNOWN_FIELD, name)
    if lone := lone_brace(pattern):
        raise InvalidLinkPattern(LinkFault.LONE_BRACE, lone.word)
    if not names:
        raise InvalidLinkPattern(LinkFault.NO_FIELD)
    return pattern


def fields_of(pattern: str) -> tuple[str, ...]:
    """Return the fields that a pattern needs, each once."""
    return tuple(dict.fromkeys(_FIELD.findall(pattern)))


def link_for(pattern: str, offer: FeedOffer) -> str:
    """Return the address of the offer's page, "" where the till does not have what the pattern needs."""
    values = {"code": offer.code.strip(), "article": offer.article.strip(), "id": offer.till_id.strip()}
    if not all(values[name] for name in fields_of(pattern)):
        return ""
    parts = urlsplit(_FIELD.sub(lambda match: quote(values[match[1]], safe=""), pattern))
    host = _ascii_host(parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    address = parts._replace(netloc=host + port).geturl()
    return quote(address, safe=_SAFE)


def site_of(pattern: str) -> str:
    """Return the site that a pattern leads to, without a path."""
    parts = urlsplit(pattern)
    return f"{parts.scheme}://{parts.netloc}/"


def vk_page(group_id: int, item_id: int) -> str:
    """Return the address of an item's page in VK."""
    return f"https://vk.com/market-{group_id}?w=product-{group_id}_{item_id}"


def _ascii_host(host: str) -> str:
    """Return a host as addresses carry it («магазин.рф» is «xn--…»), "" for one that cannot be written so."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


def _host(pattern: str) -> str:
    """Return the host in small letters. Raises InvalidLinkPattern for what is no web address."""
    try:
        parts: SplitResult = urlsplit(pattern)
        has_bad_port = parts.port == 0
    except ValueError:
        raise InvalidLinkPattern(LinkFault.NOT_AN_ADDRESS) from None
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_web or has_bad_port or "@" in parts.netloc or re.search(r"\s|[\x00-\x1f\x7f\\]", pattern):
        raise InvalidLinkPattern(LinkFault.NOT_AN_ADDRESS)
    return parts.hostname or ""
