"""Names a browser in words that its owner recognises, such as "Firefox on Windows"."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The first mark that stands in the text wins: most browsers also claim to be others, those that do come first.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
HAND_HELD = {"iPhone", "iPad", "Android"}


def name_of_browser(user_agent: str) -> str:
    """In words; "Unknown browser" for what does not say."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def is_hand_held(user_agent: str) -> bool:
    """Whether it is a phone or a tablet."""
    return _first(SYSTEMS, user_agent) in HAND_HELD


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")
