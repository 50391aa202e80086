"""Moments as a merchant reads them."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime


def format_time(moment: datetime) -> str:
    """Return a moment as the merchant's clock shows it, with the day where it is not today."""
    moment = localtime(moment)
    is_today = moment.date() == localtime().date()
    return date_format(moment, "H:i" if is_today else "SHORT_DATETIME_FORMAT")
