"""What the merchant has chosen for groups: the nearest group that has a choice gives it to its goods."""

import re
from collections.abc import Mapping, Sequence

from syncing.core.choices import Albums
from syncing.core.descriptions import fill
from syncing.core.eligibility import gettext_noop
from syncing.core.records import ChannelLimits, Rules, SourceGroup, SourceProduct
from syncing.core.titles import LONGEST_READ, tidy_name

ALBUM_WORDS = ("group", "top_group")
_WORD = re.compile(r"\{\s*(\w+)\s*\}")


def nearest(chosen: Mapping[str, str], path: Sequence[SourceGroup]) -> str | None:
    """Return the choice of the nearest group of the path, from the root down, or None without one."""
    if not chosen:
        return None
    return next((chosen[row.key.group_id] for row in reversed(path) if row.key.group_id in chosen), None)


def template_for(product: SourceProduct, path: Sequence[SourceGroup], rules: Rules) -> str:
    """Return the template of the product's description: its own, its group's, else that of all."""
    return product.own_description or nearest(rules.template_by_group, path) or rules.description_template


def album_for(
    product: SourceProduct,
    path: Sequence[SourceGroup],
    rules: Rules,
    limits: ChannelLimits,
    *,
    by_rule: str | None = None,
) -> str:
    """Return the title of the product's album, "" for none.

    Its own comes before that of a rule for goods, then what was chosen for a group, then the group's name.
    """
    chosen = product.own_album or by_rule
    if chosen is None:
        chosen = nearest(rules.album_by_group, path)
    if chosen is not None:
        return tidy_name(chosen, sentence_case=False, longest=limits.album_title_weight)
    if not path or rules.albums == Albums.NONE:
        return ""
    group = path[0] if rules.albums == Albums.TOP_GROUP else path[-1]
    template = rules.album_template.strip()
    title = fill(template, _album_words(template, group.name, path[0].name)) if template else group.name
    return tidy_name(title, sentence_case=rules.sentence_case, longest=limits.album_title_weight)


def _album_words(template: str, group: str, top_group: str) -> dict[str, str]:
    """Return what stands for the words of a template. Of two that say the same the top group says nothing."""
    is_said_twice = group == top_group and set(ALBUM_WORDS) <= set(_WORD.findall(template))
    return {"group": group, "top_group": "" if is_said_twice else top_group}


def is_album_title(text: str) -> bool:
    """Return True if something is left of this title when it is tidy: a letter or a digit."""
    return bool(tidy_name(text, sentence_case=False, longest=LONGEST_READ))


def validate_album_template(text: str) -> list[str]:
    """Return what is wrong with a template of album titles, as English sentences to translate."""
    problems = []
    words = _WORD.findall(text)
    if any(word not in ALBUM_WORDS for word in words) or re.search(r"[{}]", _WORD.sub("", text)):
        problems.append(gettext_noop("Unknown word in braces. Use {group} or {top_group}."))
    elif text.strip() and not words:
        problems.append(
            gettext_noop("All goods would share one album. Use {group} or {top_group} in the template.")
        )
    return problems
