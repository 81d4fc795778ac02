"""Display of moments: relative up to a week, then short and absolute, the exact time and its zone always on hover."""

import json
from datetime import date, datetime, timedelta, tzinfo
from math import ceil
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.templatetags.numbers import UNKNOWN

register = template.Library()

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_WEEK = timedelta(days=7)


def relative_words() -> dict[str, str]:
    """The words for distances in time, `{n}` for the number; the page's script uses the very same ones."""
    return {
        "now": _("just now"),
        "minutes": _("{n} min ago"),
        "hours": _("{n} h ago"),
        "days": _("{n} d ago"),
        "in_minutes": _("in {n} min"),
        "in_hours": _("in {n} h"),
        "in_days": _("in {n} d"),
    }


def relative_text(moment: datetime, now: datetime) -> str | None:
    """ "3 h ago", "in 2 d"; None from a week on."""
    words, distance = relative_words(), abs(now - moment)
    if distance < _MINUTE:
        return words["now"]
    if distance >= _WEEK:
        return None
    unit, size = ("minutes", _MINUTE) if distance < _HOUR else ("hours", _HOUR) if distance < _DAY else ("days", _DAY)
    return words[f"in_{unit}" if moment > now else unit].replace("{n}", str(distance // size))


def short_date(day: date, today: date) -> str:
    """ "3 Nov", with the year when it is not this one."""
    return date_format(day, "j M" if day.year == today.year else "j M Y", use_l10n=False)


def _zone(zone: str | tzinfo | None) -> tzinfo:
    """The zone by name; the current one where the name is missing or unknown, for a vendor may send anything."""
    if isinstance(zone, tzinfo):
        return zone
    try:
        return ZoneInfo(zone) if zone else timezone.get_current_timezone()
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_current_timezone()


def _aware(moment: datetime) -> datetime:
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """An aware moment on the clock of a zone; as it is where the calendar ends before (a vendor may send any year)."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


@register.filter
def since(moment: datetime | None, zone: str | tzinfo | None = None) -> str:
    """A <time> element for an aware moment, in `zone` (the project's or site's own) or else the current zone."""
    if not moment:
        return UNKNOWN
    now, local = timezone.now(), in_zone(_aware(moment), _zone(zone))
    text = relative_text(local, now)
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        local.isoformat(timespec="seconds"),
        exact(local),
        " data-since" if text else "",
        text or short_date(local.date(), now.astimezone(local.tzinfo).date()),
    )


@register.filter
def exact(moment: datetime | None, zone: str | tzinfo | None = None) -> str:
    """ "3 Nov 2026, 14:05 AEDT", as plain text; in the moment's own zone unless `zone` is given."""
    if not moment:
        return UNKNOWN
    local = in_zone(_aware(moment), _zone(zone)) if zone else _aware(moment)
    return f"{date_format(local, 'j M Y, H:i', use_l10n=False)} {local.tzname()}"


@register.filter
def about(moment: datetime | None, zone: str | tzinfo | None = None) -> str:
    """A forecast, to five minutes: "about 14:30 today", "about 14:30 tomorrow", "about 14:30 on 24 Nov"."""
    if not moment:
        return UNKNOWN
    now = timezone.now()
    if moment - now < _MINUTE:
        return _("in a moment")
    # Never earlier than was reckoned.
    five = 5 * _MINUTE
    local = in_zone(now + five * ceil((moment - now) / five), _zone(zone))
    local -= timedelta(minutes=local.minute % 5, seconds=local.second, microseconds=local.microsecond)
    today = now.astimezone(local.tzinfo).date()
    words = {0: _("about %(time)s today"), 1: _("about %(time)s tomorrow")}.get((local.date() - today).days)
    given = {"time": date_format(local, "H:i", use_l10n=False), "day": short_date(local.date(), today)}
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        exact(local),
        (words or _("about %(time)s on %(day)s")) % given,
    )


@register.filter
def day(value: date | datetime | None, zone: str | tzinfo | None = None) -> str:
    """A <time> element for a calendar day: "3 Nov", with the year when it is not this one."""
    if not value:
        return UNKNOWN
    local = in_zone(_aware(value), _zone(zone)).date() if isinstance(value, datetime) else value
    full = date_format(local, "l j F Y", use_l10n=False)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        full,
        short_date(local, timezone.localdate()),
    )


@register.simple_tag
def times_json() -> str:
    """The words of `since` for the page's script."""
    return json.dumps(relative_words(), ensure_ascii=False)
