"""A vendor's HTML made fit for our pages: what formats a text stays, all else goes. The one place that trusts any."""

from __future__ import annotations

import re
from html import escape

import nh3

MOST = 50_000
TAGS = frozenset(
    {
        *("p", "div", "span", "br", "hr", "b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "code", "pre"),
        *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "a"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }
)
# Of these not even the text is meant to be read.
UNSEEN = frozenset(
    {
        *("script", "style", "template", "head", "title", "noscript", "noframes", "noembed", "iframe", "object"),
        *("svg", "math", "textarea", "select"),
    }
)
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto", "tel"}
CLASSES = {"p": {"heading"}}
_HEADING = re.compile(r"<h[1-6]\b[^>]*>", re.IGNORECASE)
_HEADING_END = re.compile(r"</h[1-6]\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


class CleanHtml(str):
    """Markup that went through `cleaned`; templates put it into a page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def cleaned(html: object) -> CleanHtml:
    """At most the first 50,000 characters, without images, styles, scripts and forms; empty where nothing can be read.

    Links keep web, mail and telephone addresses alone, open in the same window and vouch for nothing. Headings become
    paragraphs that look like one: the page has its own order of them. Plain text keeps its lines. What is no text is
    empty.
    """
    if not isinstance(html, str):
        return CleanHtml()
    text = html[:MOST]
    marked_up = _without_headings(text) if nh3.is_html(text) else escape(text.strip()).replace("\n", "<br>")
    found = nh3.clean(
        marked_up,
        tags=set(TAGS),
        clean_content_tags=set(UNSEEN),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    # A text's own "<" is escaped by now, so that this is what is left of a class.
    found = found.replace('<p class="">', "<p>")
    return CleanHtml(found if _TAG.sub("", found).replace("&nbsp;", "").strip() else "")


def _without_headings(html: str) -> str:
    return _HEADING_END.sub("</p>", _HEADING.sub('<p class="heading">', html))
