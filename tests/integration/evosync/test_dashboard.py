"""The dashboard and the alert rules ask only for figures, labels and values that `/metrics` has."""

import json
import re
from collections import defaultdict
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from model_bakery import baker

from evosync.common.telemetry import heartbeat
from evosync.common.telemetry.counters import METRICS, metrics_buffer
from evosync.ops import metrics
from syncing.models import Listing, SyncJob

FOLDER = settings.BASE_DIR / "docs/grafana"
NAME = re.compile(r"\b(evosync_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r"(\w+)\s*(=~|!~|!=|=)\s*\"([^\"]*)\"")


def dashboard() -> dict[str, Any]:
    document = json.loads((FOLDER / "evosync.json").read_text())
    assert isinstance(document, dict)
    return document


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def rules() -> list[dict[str, Any]]:
    document = yaml.safe_load((FOLDER / "alerts.yaml").read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def queries() -> list[str]:
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    return asked + [rule["expr"] for rule in rules()]


@pytest.fixture
def exported(db: None) -> dict[str, set[str]]:
    """Return the labels of every sample name, from figures of which each has at least one sample."""
    baker.make(SyncJob, status="success", active_key=None, finished_at=timezone.now(), items_unchanged=5)
    baker.make(SyncJob, status="pending", active_key=1)
    baker.make(Listing, state="live", store_evotor_id="S", product_evotor_id="P", stamp="x")
    for role in heartbeat.MAX_AGE_SECONDS:
        heartbeat.beat(role)
    for name, figure in METRICS.items():
        if figure.bounds:
            metrics_buffer.observe(name, 1.0, *figure.labels)
        else:
            metrics_buffer.count(name, *figure.labels)
    found: dict[str, set[str]] = defaultdict(set)
    for family in metrics.EvosyncCollector().collect():
        for sample in family.samples:
            found[sample.name] |= set(sample.labels)
    cache.clear()
    return found


def test_every_query_names_figures_that_exist(exported: dict[str, set[str]]) -> None:
    asked = {name for query in queries() for name, _labels in NAME.findall(query)}
    assert asked <= set(exported)
    assert len(asked) > 15


def test_every_query_matches_and_groups_by_labels_that_exist(exported: dict[str, set[str]]) -> None:
    for query in queries():
        found = NAME.findall(query)
        known = set.union(*(exported[name] for name, _labels in found)) if found else {"job"}
        matched = {label for _name, labels in found for label, _how, _value in MATCHER.findall(labels)}
        grouped = {word for part in re.findall(r"by \(([^)]*)\)", query) for word in part.split(", ")}
        assert matched | grouped <= known, query


def test_a_quantile_is_asked_of_buckets_and_keeps_them_apart() -> None:
    for query in queries():
        if "histogram_quantile" in query:
            assert "_bucket[" in query
            assert re.search(r"by \([^)]*\ble\b", query), query


def test_every_figure_that_is_exported_is_shown_or_watched(exported: dict[str, set[str]]) -> None:
    text = " ".join(queries())
    families = {re.sub(r"_(total|bucket|sum|count|created)$", "", name) for name in exported}
    assert {name for name in families if name not in text} == set()


def test_every_panel_has_a_place_of_its_own_and_a_source_that_the_operator_chooses() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    assert {panel["datasource"]["uid"] for panel in panels()} == {"${source}"}
    assert [variable["name"] for variable in dashboard()["templating"]["list"]] == ["source"]
    assert len({panel["id"] for panel in dashboard()["panels"]}) == len(dashboard()["panels"])


def test_every_alert_says_what_it_means() -> None:
    for rule in rules():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert len(rule["annotations"]["summary"]) > 20
