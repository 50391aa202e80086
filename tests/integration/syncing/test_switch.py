"""The automatic sync is switched by a command, and `sync` says while it is off."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from syncing.core.records import Rules
from syncing.models import RULES, SyncConfig
from syncing.services.settings import configure
from syncing.web.forms.settings import PARTS, SyncRulesForm

pytestmark = pytest.mark.django_db(transaction=True)

OFF = "Automatic sync is off. To switch it on: manage.py configure shop@example.com auto=on"


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_after_readmes_steps_one_command_lets_pushes_and_hours_sync(user: User) -> None:
    SyncConfig.objects.filter(user=user).delete()
    assert OFF in said("sync", user.email)
    assert not SyncConfig.objects.enabled().exists()
    assert said("configure", user.email, "auto=on").startswith("auto=on\n")
    assert SyncConfig.objects.ready(timezone.now()).get().user == user
    assert "Automatic sync is off" not in said("sync", user.email)
    assert said("configure", user.email, "auto=off", "markup_percent=10").startswith("auto=off\n")
    assert not SyncConfig.objects.enabled().exists()


@pytest.mark.once
def test_json_has_no_line_beside_it(user: User) -> None:
    SyncConfig.objects.filter(user=user).update(is_enabled=False)
    assert json.loads(said("sync", user.email, "--json"))["status"] == "success"


@pytest.mark.once
def test_the_first_switching_on_confirms_the_first_run_once(user: User) -> None:
    SyncConfig.objects.filter(user=user).update(is_enabled=False, confirmed_at=None)
    first = configure(user, values={"auto": "on"}).confirmed_at
    assert first is not None
    assert configure(user, values={"auto": "off"}).confirmed_at == first
    assert configure(user, values={"auto": "on"}).confirmed_at == first


@pytest.mark.once
@pytest.mark.parametrize("rules", [("auto=perhaps",), ("auto=on", "markup_percent=much")])
def test_a_wrong_value_switches_nothing(user: User, rules: tuple[str, ...]) -> None:
    SyncConfig.objects.filter(user=user).update(is_enabled=False)
    with pytest.raises(CommandError, match=r"Nothing was changed"):
        said("configure", user.email, *rules)
    assert not SyncConfig.objects.get(user=user).is_enabled


def test_to_show_the_rules_writes_none(user: User) -> None:
    SyncConfig.objects.filter(user=user).delete()
    assert "auto=off" in said("configure", user.email)
    assert not SyncConfig.objects.exists()


@pytest.mark.once
def test_form_record_and_documents_have_every_rule_of_the_model() -> None:
    shown = {name for _title, names in PARTS for name in names} | {"default_category_id"}
    assert set(RULES) == shown
    assert SyncRulesForm.Meta.fields == RULES
    # How often runs compare decides nothing in a run.
    assert set(RULES) - {"compare_every_hours"} <= set(Rules.__dataclass_fields__)
