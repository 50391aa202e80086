"""Staff's pages speak the reader's language, also where Django and the packages have no words for it."""

import re
from datetime import datetime

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django_dramatiq.models import Task

from accounts.admin_tools import local_time
from accounts.models import User
from tests.web.shop import Shop

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
# What is written the same in both languages.
COMMON = {"VK", "id", "action_checkbox"}
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def _names(model: type[models.Model]) -> list[str]:
    """Return the names of a table and of what its list and its rows show."""
    page, opts = admin.site._registry[model], model._meta
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    shown = {*page.list_display, *page.get_fields(request)} - COMMON - {"__str__"}
    labels = [str(label_for_field(name, model, page)) for name in sorted(map(str, shown))]
    return [*map(str, (opts.verbose_name, opts.verbose_name_plural, opts.app_config.verbose_name)), *labels]


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_a_table_and_its_columns_have_russian_names(model: type[models.Model]) -> None:
    with translation.override("ru"):
        names = [str(name) for name in _names(model)]
    assert [name for name in names if name not in COMMON and not CYRILLIC.search(name)] == []


@pytest.mark.parametrize("name", ["auth_group", "mfa_authenticator", "syncing_album"])
def test_a_title_lets_the_tables_name_stand_alone(name: str, as_superuser: Client) -> None:
    """A Russian noun after a verb would have to be declined, and Django puts it in as it is."""
    page = as_superuser.get(reverse(f"admin:{name}_changelist"), headers={"accept-language": "ru"})
    one = page.context["cl"].opts.verbose_name
    assert page.context["title"] in {f"Просмотр: {one}", f"Изменение: {one}"}


@pytest.mark.django_db
def test_messages_to_the_workers_tell_their_state_in_words(as_superuser: Client) -> None:
    with translation.override("ru"):
        states = [admin.site._registry[Task].state(Task(status=status)) for status, _name in Task.STATUSES]  # type: ignore[attr-defined]
    assert all(CYRILLIC.search(state) for state in states)
    assert len(set(states)) == len(states)


def test_a_computed_moment_looks_like_that_of_a_column() -> None:
    moment = datetime(2026, 11, 29, 8, 19, 19, 905746, tzinfo=timezone.get_default_timezone())
    with translation.override("ru"):
        assert local_time(moment) == "29 ноября 2026 г. 8:19"
    assert local_time(None) == "—"


@pytest.mark.once
def test_the_filters_of_merchants_name_the_service(as_superuser: Client, shop: Shop) -> None:
    page = as_superuser.get(reverse("admin:accounts_user_changelist"), headers={"accept-language": "en"})
    titles = [str(one.title) for one in page.context["cl"].filter_specs]
    assert titles[-2:] == ["Evotor answers", "VK answers"]
