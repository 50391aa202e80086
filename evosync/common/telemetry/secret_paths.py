"""Knows and stars out the secrets in addresses of ours: keys of emails, addresses of feeds.

Which part of an address is a secret is known by the name that its route gives it, so a new route with a
key is covered by its name alone, in every line: our own, Django's, gunicorn's, and reports to Sentry.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.urls import URLPattern, URLResolver, get_resolver

# What routes call their secrets; `uidb36` stands beside a key and says whose it is.
SECRET_NAMES = frozenset({"key", "token", "code", "secret", "signature", "uidb36", "uidb64"})
# A part of a route: <converter:name>, or (?P<name>regex) without brackets inside it.
PARAMETER = re.compile(r"<(?:\w+:)?(?P<path>\w+)>|\(\?P<(?P<regex>\w+)>(?:\[[^\]]*\]|[^()\[\]])*\)")
SOMETHING = r"""[^/\s"'<>?#&]+"""


class Routes:
    """The secret parts of this process's routes, once they are known."""

    found: tuple[re.Pattern[str], ...] = ()


def learn_routes() -> None:
    """Read the routes of the site; before that, nothing is starred out by its place."""
    Routes.found = _patterns()


def star_out(text: str) -> str:
    """Return the text with the secrets in addresses starred out."""
    for pattern in Routes.found:
        text = pattern.sub(r"\g<before>***", text)
    return text


def has_secret(path: str) -> bool:
    """Return True if a part of this path is a secret: who reads the address has it."""
    return any(pattern.match(path.lstrip("/")) for pattern in _patterns())


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    routes = sorted(set(_routes(get_resolver())))
    patterns = {_pattern(route, routes) for route in routes if _secrets(route)}
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in sorted(patterns, key=len, reverse=True))


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Yield every route as a whole, without the signs that only begin and end a regular expression."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _routes(entry, route)


def _secrets(route: str) -> list[re.Match[str]]:
    return [part for part in PARAMETER.finditer(route) if (part["path"] or part["regex"]) in SECRET_NAMES]


def _pattern(route: str, routes: list[str]) -> str:
    """Return a regular expression for what stands from the first secret of a route to its last."""
    secrets = _secrets(route)
    first, last = secrets[0].start(), secrets[-1].end()
    secret = _regex(route[first:last])
    # Where another route has a word at this place, what follows tells the two apart.
    words = {other[first:].partition("/")[0] for other in routes if other.startswith(route[:first])}
    is_alone = not any(re.fullmatch(secret, word) for word in words if not PARAMETER.search(word))
    after = "" if is_alone else f"(?={_regex(route[last:])})"
    return f"(?P<before>{_regex(route[:first])}){secret}{after}"


def _regex(part: str) -> str:
    """Return a part of a route as a regular expression whose parameters are anything within a segment."""
    literals = [re.escape(text) for text in PARAMETER.sub("\0", part).split("\0")]
    return SOMETHING.join(literals)
