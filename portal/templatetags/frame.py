"""Small pieces of every page: icons, badges, avatars, telephone links."""

import re

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# The mark that stands beside each meaning, so that colour is never alone.
TONE_ICONS = {
    "well": "check",
    "watch": "clock",
    "act": "alert",
    "info": "info",
    "wait": "waiting",
}
_DOT = mark_safe('<span class="dot"></span>')


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """A decorative icon of static/icons/sprite.svg; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css_class,
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def badge(label: str, tone: str = "", icon_name: str = "") -> SafeString:
    """A state on a coloured ground with its mark; `tone` is well, watch, act, info, wait, accent or empty."""
    mark = icon_name or TONE_ICONS.get(tone, "")
    return format_html(
        '<span class="badge" data-tone="{}">{}{}</span>',
        tone,
        icon(mark) if mark else _DOT,
        label,
    )


@register.simple_tag
def state(label: str, tone: str = "") -> SafeString:
    """The same for dense lists: a dot and the word."""
    return format_html('<span class="state" data-tone="{}">{}{}</span>', tone, _DOT, label)


@register.filter
def initials(name: str | None) -> str:
    """Up to two letters for a person or a firm: "Edmond Becquerel" → "EB"; "?" for nobody."""
    words: list[str] = re.findall(r"\w+", (name or "").split("@")[0])
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def avatar(name: str | None, css_class: str = "") -> SafeString:
    """A disc with initials, decorative: the name stands beside it."""
    return format_html(
        '<span class="avatar {}" aria-hidden="true">{}</span>',
        css_class,
        initials(name),
    )


@register.filter
def mail_breaks(address: str | None) -> SafeString:
    """An e-mail address that goes on in the next line at its @ or a dot rather than inside a word."""
    parts = re.split(r"(?=[@.])", address or "")
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def phone_href(number: str | None) -> str:
    """ "+61 2 9999 0000 ext. 12" → "tel:+61299990000;ext=12" (RFC 3966); empty where there is no digit."""
    main, *extension = re.split(r"(?:ext\.?|x|#)", number or "", maxsplit=1, flags=re.IGNORECASE)
    digits = re.sub(r"\D", "", main)
    if not digits:
        return ""
    inner = re.sub(r"\D", "", extension[0]) if extension else ""
    return f"tel:{'+' if main.strip().startswith('+') else ''}{digits}" + (f";ext={inner}" if inner else "")
