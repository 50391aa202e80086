"""The merchant's choice of a VK category for a group, for many groups at once, or for a product."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evosync.common.text import whole_number
from syncing.core.category_search import LONGEST_READ, find_categories, propose_categories
from syncing.core.records import Category
from syncing.web.presenters.categories_page import GroupCategory

# The list from which fields for a typed category complete what is typed.
DATALIST = "vk-categories"
MOST_NAMED = 5
# Of a column of whole numbers.
LARGEST = 2**31 - 1
PROPOSED = "proposed"


class PageQuestion(NamedTuple):
    """Which groups the page is to show."""

    page: int
    only_unsure: bool


class PageForm(forms.Form):
    """The address of the page of groups. What makes no sense is taken as not given."""

    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)
    show = forms.ChoiceField(required=False, choices=[("", ""), ("unsure", "")])

    def question(self) -> PageQuestion:
        """Return what is asked."""
        self.is_valid()
        data = self.cleaned_data
        return PageQuestion(data.get("page") or 1, data.get("show") == "unsure")


class CategorySearchForm(forms.Form):
    """What is typed into a field for a category, and for what. What makes no sense is taken as not given."""

    q = forms.CharField(required=False, max_length=LONGEST_READ)
    product = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    group = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()
        self.text: str = self.cleaned_data.get("q") or ""
        self.product_pk: int | None = self.cleaned_data.get("product")
        self.group_pk: int | None = self.cleaned_data.get("group")


class TypedCategoryField(forms.CharField):
    """A VK category by its path, name, number or words of it; the page has the list to choose from."""

    def __init__(
        self,
        *,
        categories: Sequence[Category],
        chosen_id: int | None = None,
        concerns: Mapping[str, int] | None = None,
        **kwargs: Any,
    ) -> None:
        """`chosen_id` is shown, and stays valid where VK's list does not have it.

        `concerns` names the product or the group that gets the category, by its row, for a proposal.
        """
        super().__init__(max_length=300, **kwargs)
        self._categories, self._chosen_id = categories, chosen_id
        self._paths = {category.id: str(category) for category in categories}
        self.initial = self._paths.get(chosen_id, str(chosen_id)) if chosen_id else ""
        self.widget.attrs.update(list=DATALIST, autocomplete="off", enterkeyhint="next")
        if categories:
            self.widget.attrs["data-categories"] = reverse("syncing:category_search", query=concerns)

    def clean(self, value: Any) -> Any:
        """Return the category's id, None for an empty field. Names the likely ones where it is not clear."""
        text = super().clean(value)
        if not text:
            return None
        if number := self._number(text):
            return number
        found = find_categories(text, self._categories)
        if len(found) == 1:
            return found[0].id
        if found:
            raise forms.ValidationError(
                _("Several fit: %(named)s. Choose one from the list."), params={"named": _named(found)}
            )
        raise self._not_found(text)

    def _number(self, text: str) -> int | None:
        """Return the number that is typed: one of VK's or the chosen one, any while VK's are not known."""
        number = whole_number(text, most=LARGEST)
        is_known = not self._paths or number in self._paths or number == self._chosen_id
        return number if is_known else None

    def _not_found(self, text: str) -> forms.ValidationError:
        """Return why a text is refused, with what may be meant; where that is one category, it is offered."""
        found = propose_categories(text, self._categories)
        if len(found) == 1:
            return forms.ValidationError(
                _("VK has no category “%(text)s”. This one may be meant: save again, if it is right."),
                params={"text": text, "path": str(found[0])},
                code=PROPOSED,
            )
        if found:
            return forms.ValidationError(
                _("VK has no category “%(text)s”. Perhaps: %(named)s. Choose one from the list."),
                params={"text": text, "named": _named(found)},
            )
        return forms.ValidationError(
            _("VK has no category “%(text)s”. Type a word of its name and choose from the list."),
            params={"text": text},
        )


class ProposingForm(forms.BaseForm):
    """A part of forms: puts what is proposed into the field, so that saving again takes it."""

    def full_clean(self) -> None:
        """Check the form, and write proposals over what was typed."""
        super().full_clean()
        proposed = {
            self.add_prefix(name): problem.params["path"]
            for name, problems in self.errors.as_data().items()
            for problem in problems
            if problem.code == PROPOSED and problem.params
        }
        self.data = dict(self.data.items()) | proposed if proposed else self.data


def _named(categories: Sequence[Category]) -> str:
    named = "; ".join(str(category) for category in categories[:MOST_NAMED])
    more = len(categories) - MOST_NAMED
    return named if more <= 0 else gettext("%(named)s and %(n)s more") % {"named": named, "n": localize(more)}


class CategoryForm(ProposingForm, forms.Form):
    """The VK category of one group or product. With an empty field EvoSync decides."""

    category: forms.Field

    def __init__(
        self,
        *args: Any,
        categories: Sequence[Category],
        chosen_id: int | None = None,
        concerns: Mapping[str, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = TypedCategoryField(
            label=_("VK category"),
            required=False,
            categories=categories,
            chosen_id=chosen_id,
            concerns=concerns,
            help_text=_("Type a word and choose from the list. Empty: EvoSync decides again."),
        )


class GroupCategoriesForm(ProposingForm, forms.Form):
    """The VK categories of many groups, a field each. An empty one lets EvoSync decide."""

    def __init__(
        self, *args: Any, rows: Sequence[GroupCategory], categories: Sequence[Category], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        for row in rows:
            self.fields[_name(row)] = TypedCategoryField(
                label=row.node.group.name or "—",
                required=False,
                categories=categories,
                chosen_id=row.chosen_id,
                concerns={"group": row.node.group.pk},
            )

    def lines(self) -> list[tuple[GroupCategory, forms.BoundField]]:
        """Return the groups with their fields, for the template."""
        return [(row, self[_name(row)]) for row in self._rows]

    def choices(self) -> Mapping[str, int | None]:
        """Return what has changed: the category, or None, by the group's Evotor id."""
        changed = set(self.changed_data)
        return {
            row.node.group.evotor_id: self.cleaned_data[_name(row)]
            for row in self._rows
            if _name(row) in changed
        }


def _name(row: GroupCategory) -> str:
    return f"group_{row.node.group.pk}"
