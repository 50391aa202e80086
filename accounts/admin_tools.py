"""What all pages of the staff admin share: bounded lists, the search, read-only rows, audited actions."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.access import user_of
from accounts.search import split_search
from accounts.support_reading import record_reading

M = TypeVar("M", bound=Model)

# A list shows this many of its first rows; others are found by the search.
MOST_LISTED = 2000
# An action takes at most this many rows at once.
MOST_AT_ONCE = 100
SEARCH_BY_EMAIL = gettext_lazy("Search by the merchant's email.")


class BoundedPaginator(Paginator[Any]):
    """Counts at most MOST_LISTED rows, so a list costs the same over a million rows."""

    @cached_property
    def count(self) -> int:
        """The number of rows, but at most MOST_LISTED."""
        return int(self.object_list[:MOST_LISTED].count())  # type: ignore[attr-defined]


class StaffAdmin(admin.ModelAdmin[M]):
    """A list that stays quick, a search by indexed columns, and actions as buttons on the row's page.

    `narrow_filters` are offered once the list is narrowed by an argument of `narrowed_by`: over all rows they
    would read the whole table. `find` answers the search: by the queryset's `search`,
    unless it is said otherwise.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    # Counters beside the filters would count the whole table, once for each choice.
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50
    ordering = ("-pk",)
    sortable_by = ()
    # Only lets the search box appear; `find` does the work.
    search_fields = ("pk",)
    narrow_filters: Sequence[Any] = ()
    narrowed_by: Collection[str] = ("user__id__exact", "q")
    change_form_template = "admin/staff_change_form.html"

    class Media:
        """Lists and rows are drawn in a few ways of our own."""

        css: ClassVar[dict[str, list[str]]] = {"all": ["evosync/staff.css"]}

    def find(self, queryset: QuerySet[M], text: str) -> QuerySet[M]:
        """Return the rows that the searched text means."""
        found: QuerySet[M] = queryset.search(text)  # type: ignore[attr-defined]
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Search by what the model has indexes for."""
        text = search_term.strip()
        return (self.find(queryset, text) if text else queryset), False

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Offer the narrow filters where few rows are left."""
        given = super().get_list_filter(request)
        is_narrow = request.GET.keys() & set(self.narrowed_by)
        return [*given, *(self.narrow_filters if is_narrow else ())]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out Django's mass deletion."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Return True if this person may do what changes something, also where rows are read-only."""
        opts = self.opts
        return request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a row with the list's actions as buttons."""
        actions = [(name, text) for _function, name, text in self.get_actions(request).values()]
        context = {"row_actions": actions, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def act(
        self,
        request: HttpRequest,
        queryset: QuerySet[M],
        do: Callable[[M], str],
        refusals: tuple[type[Exception], ...] = (),
    ) -> None:
        """Do one thing to every chosen row, write down who did it, and say what came of it.

        `do` returns what has been done, in words; of `refusals` the text is shown.
        """
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            text = _("Choose at most %(most)s rows at once. Nothing was done.") % {
                "most": localize(MOST_AT_ONCE)
            }
            self.message_user(request, text, messages.ERROR)
            return
        for row in rows:
            try:
                text, level = do(row), messages.SUCCESS
            except refusals as refusal:
                text, level = str(refusal), messages.ERROR
            self.log_change(request, row, text)
            self.message_user(request, f"{row}: {text}", level)

    def one_of(self, request: HttpRequest, queryset: QuerySet[M]) -> M | None:
        """Return the only chosen row; of several none, and say so."""
        rows = list(queryset[:2])
        if len(rows) == 1:
            return rows[0]
        self.message_user(request, _("Choose one row for this. Nothing was done."), messages.ERROR)
        return None


class SearchByMerchant:
    """Answers the search of a StaffAdmin by the merchant's address; `merchant` leads from a row to them."""

    merchant = "user"
    search_help_text: StrOrPromise | None = SEARCH_BY_EMAIL

    def find(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows of merchants whose address begins so."""
        return queryset.filter(**{f"{self.merchant}__in": split_search(text)[0] or []})


class ReadOnlyAdmin(StaffAdmin[M]):
    """Rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Nobody deletes."""
        return False


class GoodsAdmin(ReadOnlyAdmin[M]):
    """Rows about merchants' goods: who of the staff reads them is recorded, and the merchant sees it.

    `owner` leads from a row to its merchant's id.
    """

    owner = "user_id"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a page of rows, and record whose they are."""
        response = super().changelist_view(request, extra_context)
        if request.method == "GET" and isinstance(response, TemplateResponse):
            shown = (response.context_data or {}).get("cl")
            self._record(request, [] if shown is None else shown.result_list)
        return response

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a row, and record whose it is."""
        if (row := kwargs.get("obj")) is not None:
            self._record(request, [row])
        return super().render_change_form(request, context, *args, **kwargs)

    def _record(self, request: HttpRequest, rows: Iterable[M]) -> None:
        owner_of = attrgetter(self.owner)
        record_reading(user_of(request), [pk for row in rows if (pk := owner_of(row)) is not None])


def is_list(request: HttpRequest) -> bool:
    """Return True if a list is asked for, not one row."""
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("changelist")


def id_column(name: str, label: Any) -> Callable[[Any, Model], str]:
    """Return a page's method that shows an id as its digits alone, to be copied and searched."""

    @admin.display(description=label)
    def column(_page: Any, row: Model) -> str:
        number = getattr(row, name)
        return "—" if number is None else str(number)

    return column


COMMUNITY_ID = gettext_lazy("community id")


def is_set(secret: object) -> str:
    """Return whether there is a secret, which is all that anybody is told about it."""
    return str(_("set") if secret else _("not set"))


def local_time(moment: datetime | None) -> str:
    """Return a computed moment as Django shows those of columns, a dash for None."""
    return "—" if moment is None else localize(localtime(moment))


def preformatted(text: str) -> str:
    """Return a long text as HTML that keeps its lines."""
    return format_html("<pre>{}</pre>", text)
