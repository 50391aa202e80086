"""Understands what a merchant pastes for their community: an id, a name, a mention, or any link into it."""

import re
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qs, unquote

from django.utils.translation import gettext as _

from connections.choices import RefusalCode
from connections.errors import CannotConnect

# Sign, bracket and quote characters that come along when an address is copied out of a text.
AROUND = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff\"'`«»„“”‘’<>(){}.,;:!"
HOST = re.compile(r"(?:[a-z0-9-]+\.)*(?:vk\.(?:com|ru|me)|vkontakte\.ru)(?=[/?#\s:]|$)(?::\d+)?")
LINK = re.compile(rf"(?:^|[\s/@(\[«\"'<])({HOST.pattern})/*(?P<rest>\S*)")
# [club1|Tea], *club1 (Tea), @club1 (Tea)
MENTION = re.compile(r"\[([^|\]]+)\||^[*@]\s*([a-z0-9_.-]+)\s*(?:\(|$)")
# Every community has these three addresses, whatever its name and kind.
NUMBERED = re.compile(r"(?:club|public|event)\s*-?\s*(\d+)(?!\d)(?:$|[^a-z0-9_.].*)")
# An owner with a minus is a community: market-1, uslugi-1, wall-1_2, app5_-1, -1, market/product/tea-1-2.
OWNED = re.compile(r"(?:.*_|[a-z]*)-(\d+)(?:_\d+)?|.*-(\d+)-\d+")
PERSON = re.compile(
    r"(?:id|write|wall|photos?|albums?|videos?|audios?|friends|gifts?|docs?|stories|market)\d+(?:_\d+)?"
)
BOARDS = re.compile(r"(?:board|gim)(\d+)")
NAME = re.compile(r"[a-z0-9_.]{2,64}")
# Pages of VK itself; words that a community may have for a name are not among them.
OWN_PAGES = re.compile(
    r"about|ads|al_feed[.]php|al_im[.]php|albums|apps|audio|audios|away[.]php|board|bookmarks|"
    r"calls|clips|club|dev|docs|edit|event|events|fave|feed|friends|gifts|groups|groups_create|"
    r"id|im|invite|join|login|mail|market|newsfeed|notifications|photos|podcasts|public|restore|"
    r"search|services|settings|stats|support|uslugi|video|vkpay|vkvideo|wall"
)
# Where a page of VK's own shows something of a community, one of these says whose it is.
OWNER_FIELDS = ("w", "z", "sel", "oid", "owner_id", "gid", "group_id", "peer")
MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class _Link:
    """A link into VK: its path's parts and its query."""

    parts: list[str]
    query: str


def parse_group(text: str) -> int | str:
    """Return the community's id, or else its short name in small letters.

    Raises CannotConnect for what cannot be a community, with a sentence that says what it is.
    """
    # Case says nothing in VK's addresses.
    plain = unquote(text).replace("\\", "/").strip(AROUND).casefold()
    plain = re.sub(r"\s*/\s*", "/", plain)
    if mention := MENTION.search(plain):
        return parse_group(mention[1] or mention[2])
    if found := LINK.search(plain):
        return _of_link(_split(found["rest"]))
    if "/" in plain or "://" in plain:
        _refuse(_("This is not an address in VK."))
    return _of_part(plain.lstrip("@*").strip())


def _split(rest: str) -> _Link:
    path, _question, query = rest.partition("#")[0].partition("?")
    parts = [part.strip(AROUND) for part in path.split("/")]
    return _Link([part for part in parts if part], query.strip(AROUND))


def _of_link(link: _Link) -> int | str:
    first = link.parts[0].lstrip("@*") if link.parts else ""
    if not first or OWN_PAGES.fullmatch(first):
        found = _owner_in(link)
        return found if found is not None else _refuse(_("This is a page of VK's own, not a community."))
    if link.parts[0].startswith("@"):
        # An article: the name of its author, then the article's own.
        first = re.sub(r"(?<=[a-z0-9_.])-.*", "", first)
    return _of_part(first)


def _owner_in(link: _Link) -> int | None:
    """Return the community that a page of VK's own shows, if it says whose it is."""
    for part in link.parts[1:]:
        if owned := OWNED.fullmatch(part):
            return _number(owned[1] or owned[2])
    fields = parse_qs(link.query)
    for value in (value for name in OWNER_FIELDS for value in fields.get(name, [])):
        if owned := re.match(r"[a-z]*-(\d+)", value):
            return _number(owned[1])
    for value in fields.get("gid", []) + fields.get("group_id", []):
        if value.isdecimal():
            return _number(value)
    return None


def _of_part(part: str) -> int | str:
    """Return what one word names."""
    for pattern in (NUMBERED, BOARDS, OWNED):
        if found := pattern.fullmatch(part):
            return _number(next(group for group in found.groups() if group))
    if re.fullmatch(r"\d+(?:_\d+)?", part):
        return _number(part.partition("_")[0])
    if PERSON.fullmatch(part):
        _refuse(_("This is the page of a person, not of a community."))
    if OWN_PAGES.fullmatch(part):
        _refuse(_("This is a page of VK's own, not a community."))
    return part if NAME.fullmatch(part) else _refuse(_("This is not the address of a community."))


def _number(digits: str) -> int:
    # Without the bound a long number would be an error of the database, or of Python.
    number = int(digits) if digits.isascii() and len(digits) <= MOST_DIGITS else 0
    return number or _refuse(_("This is not the address of a community."))


def _refuse(text: str) -> NoReturn:
    next_step = _("Copy the address of the community from the browser, for example vk.com/club1.")
    raise CannotConnect(RefusalCode.BAD_GROUP, text, next_step)
