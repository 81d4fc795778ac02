"""Reads pages as a person does: the text that stands there, the names in the list, where links lead."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def text_of(response: Any) -> str:
    """All text of a page, spaces made one."""
    reader = _Text()
    # A place where a line may end is no space.
    reader.feed(response.content.decode().replace("<wbr>", ""))
    return " ".join(" ".join(reader.found).split())


def names_on(response: Any) -> list[str]:
    """The customers of a list, in its order."""
    return [html.unescape(name) for name in re.findall(r'class="row-link cell-main"[^>]*>([^<]*)<', _body(response))]


def link_named(response: Any, words: str) -> str:
    """Where the first link leads whose text holds these words."""
    for address, inside in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', _body(response), re.DOTALL):
        if words in re.sub(r"<[^>]*>", "", inside):
            return html.unescape(address)
    raise AssertionError(f"No link says {words}.")


def all_pages(client: Client, address: str) -> list[list[str]]:
    """The names of each page, following Next from this one."""
    pages = []
    while address:
        response = client.get(address)
        pages.append(names_on(response))
        found = re.search(r'rel="next" href="([^"]*)"', _body(response))
        address = "/projects/" + html.unescape(found.group(1)) if found else ""
    return pages


def _body(response: Any) -> str:
    return str(response.content.decode())
