"""What the merchant has chosen for groups: the nearest group that has a choice gives it to its goods."""

import re
from collections.abc import Mapping, Sequence

from syncing.core.characters import vk_length, weight
from syncing.core.choices import Albums
from syncing.core.descriptions import fill
from syncing.core.eligibility import gettext_noop
from syncing.core.records import ChannelLimits, Rules, SourceGroup, SourceProduct
from syncing.core.template_faults import TemplateFault, lone_brace, unknown_words
from syncing.core.titles import LONGEST_READ, tidy_name
from syncing.core.truncation import cut

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
    of_group: str | None = None,
) -> str:
    """Return the title of the product's album, "" for none.

    Its own comes before that of a rule for goods, then what was chosen for a group, then the group's name.
    `of_group` is `group_album` for a caller who has it.
    """
    chosen = product.own_album or by_rule
    if chosen is None:
        return (
            of_group if of_group is not None else group_album(path, rules, longest=limits.album_title_weight)
        )
    return tidy_name(chosen, sentence_case=False, longest=limits.album_title_weight)


def group_album(path: Sequence[SourceGroup], rules: Rules, *, longest: int) -> str:
    """Return the title of the album of the goods in the group at the path's end, "" for none.

    One that is too long loses the end of the top group's name first, then the template's other words:
    what tells the group's album from others stays.
    """
    chosen = nearest(rules.album_by_group, path)
    if chosen is not None:
        return tidy_name(chosen, sentence_case=False, longest=longest)
    if not path or rules.albums == Albums.NONE:
        return ""
    template = rules.album_template.strip() or _wrapped("group")
    group = path[0] if rules.albums == Albums.TOP_GROUP else path[-1]
    words = _album_words(template, group.name, path[0].name)
    named_alone = " ".join(map(_wrapped, _WORD.findall(template)))
    tries = (_fitted(text, words, rules, longest) for text in (template, named_alone))
    title = next(filter(None, tries), None)
    return title or tidy_name(fill(named_alone, words), sentence_case=rules.sentence_case, longest=longest)


def full_album_title(path: Sequence[SourceGroup], rules: Rules) -> str:
    """Return the title that a group's album would have if there were room for one of any length."""
    return group_album(path, rules, longest=LONGEST_READ)


def _wrapped(word: str) -> str:
    return f"{{{word}}}"


def _fitted(template: str, words: Mapping[str, str], rules: Rules, longest: int) -> str:
    """Return the filled template, with the top group's name cut if it must be; "" where it has no room."""

    def filled(top_group: str) -> str:
        text = fill(template, {**words, "top_group": top_group})
        return tidy_name(text, sentence_case=rules.sentence_case, longest=LONGEST_READ)

    top_group = words["top_group"]
    title = filled(top_group)
    excess = vk_length(title) - longest
    if excess > 0 and len(set(_WORD.findall(template))) > 1 and excess < vk_length(top_group):
        title = filled(cut(top_group, vk_length(top_group) - excess, weight))
    return title if vk_length(title) <= longest else ""


def _album_words(template: str, group: str, top_group: str) -> dict[str, str]:
    """Return what stands for the words of a template. Of two that say the same the top group says nothing."""
    is_said_twice = group == top_group and set(ALBUM_WORDS) <= set(_WORD.findall(template))
    return {"group": group, "top_group": "" if is_said_twice else top_group}


def is_album_title(text: str) -> bool:
    """Return True if something is left of this title when it is tidy: a letter or a digit."""
    return bool(tidy_name(text, sentence_case=False, longest=LONGEST_READ))


def validate_album_template(text: str) -> list[TemplateFault]:
    """Return what is wrong with a template of album titles; [] if nothing."""
    faults = []
    if unknown := unknown_words(text, ALBUM_WORDS):
        sentence = gettext_noop("EvoSync does not know %(word)s. Use {group} or {top_group}.")
        faults.append(TemplateFault(sentence, unknown))
    if lone := lone_brace(text):
        faults.append(lone)
    if not faults and text.strip() and not _WORD.search(text):
        sentence = gettext_noop(
            "All goods would share one album. Use {group} or {top_group} in the template."
        )
        faults.append(TemplateFault(sentence))
    return faults
