"""`{% load shop %}`: money, stock and time left, as a shopkeeper reads them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils.formats import date_format, localize, number_format
from django.utils.timezone import localtime, now
from django.utils.translation import ngettext

from evosync.common.times import format_time
from syncing.core.drawn_pictures import style_of
from syncing.models import SyncJob, SyncJobItem
from syncing.services import labels

register = template.Library()
MINUTE = 60
FAR = timedelta(hours=12)


@register.filter
def roubles(price: Decimal | None) -> str:
    """Return the till's price in roubles, a dash where the till gave none."""
    return "—" if price is None else labels.roubles(round(price * 100))


@register.filter
def kopecks(amount: int | None) -> str:
    """Return an amount in kopecks as roubles, a dash for None."""
    return "—" if amount is None else labels.roubles(amount)


@register.filter
def quantity(number: Decimal | None) -> str:
    """Return the till's stock without empty decimals, a dash where the till did not say."""
    if number is None:
        return "—"
    return number_format(f"{number.normalize():f}").replace("-", "\N{MINUS SIGN}")


@register.filter
def unit(measure: str) -> str:
    """Return the till's unit as the merchant knows it, empty where the till has told none."""
    return labels.unit(measure)


@register.filter
def is_drawn(photo_key: str) -> bool:
    """Return True if a sent picture is one that EvoSync has drawn."""
    return style_of(photo_key) is not None


@register.filter
def moment(time: datetime) -> str:
    """Return a moment as the merchant's clock shows it, with the day where it is not today."""
    return format_time(time)


@register.filter
def field_value(value: object, name: str) -> str:
    """Return a sent field's value as the merchant knows it."""
    return labels.format_value(name, value)


@register.filter
def outcome(item: SyncJobItem) -> str:
    """Return what became of one product in a run."""
    return labels.outcome_label(item)


@register.filter
def started_by(job: SyncJob) -> str:
    """Return who or what began a run."""
    return labels.started_by(job.triggered_by)


@register.filter
def soon(moment: datetime) -> str:
    """Return the time of what comes next, with the day where it is far away."""
    local = localtime(moment)
    return date_format(local, "H:i" if moment - now() < FAR else "j E, H:i")


@register.filter
def time_left(left: timedelta) -> str:
    """Return how long is left, in minutes from a minute on."""
    seconds = int(left.total_seconds())
    if seconds < MINUTE:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": localize(seconds)}
    minutes = -(-seconds // MINUTE)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": localize(minutes)}


@register.filter
def field_label(name: str) -> str:
    """Return what a field of an item is called."""
    return str(labels.FIELDS.get(name, name))
