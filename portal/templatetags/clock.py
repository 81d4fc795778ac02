"""Moments as the clock shows them, for sentences such as "Data from 14:02"; the page's script puts local time there."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.templatetags.times import exact, short_date

register = template.Library()


@register.filter
def clock(moment: datetime | None) -> SafeString | str:
    """ "14:02 UTC", with the day where that is not today: "20 Nov, 14:02 UTC"; empty for no moment."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localdate()
    words = f"{date_format(local, 'H:i', use_l10n=False)} {local.tzname()}"
    if local.date() != today:
        words = f"{short_date(local.date(), today)}, {words}"
    return format_html(
        '<time datetime="{}" title="{}" data-clock="time">{}</time>',
        local.isoformat(timespec="seconds"),
        exact(local),
        words,
    )


@register.simple_tag
def today() -> SafeString:
    """The day, "Friday 20 November", in the reader's own zone once the script has run."""
    now = timezone.localtime()
    words = date_format(now, "l j F", use_l10n=False)
    return format_html('<time datetime="{}" data-clock="day">{}</time>', now.isoformat(timespec="seconds"), words)
