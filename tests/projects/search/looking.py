"""Looks something up as a person does, and reads what stands in the groups of the answer."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

PALETTE = {"HX-Request": "true", "HX-Target": "palette-found"}


@dataclass(frozen=True)
class Line:
    """A hit: its text without marks, its HTML, where it leads, whether it is only similar."""

    title: str
    note: str
    html: str
    url: str
    is_guess: bool


def look(client: Client, words: str, *, palette: bool = False) -> dict[str, list[Line]]:
    """The groups of a search, by their names."""
    return groups_of(answer(client, words, palette=palette))


def answer(client: Client, words: str, *, palette: bool = False) -> Any:
    """The page, or the palette's inside."""
    response = client.get("/search/", {"q": words}, headers=PALETTE if palette else {})
    assert response.status_code == 200
    return response


def groups_of(response: Any) -> dict[str, list[Line]]:
    """The groups in an answer."""
    body = response.content.decode()
    parts = re.split(r'<h2 id="group-\d+">|<div class="palette-group"[^>]*>', body)[1:]
    return {html.unescape(part.partition("<")[0]): _lines(part) for part in parts}


def titles(client: Client, words: str, group: str = "Projects") -> list[str]:
    """The titles in one group, in their order."""
    return [line.title for line in look(client, words).get(group, [])]


def _lines(part: str) -> list[Line]:
    links = re.findall(r'<a class="(?:found|palette)-line"[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', part, re.DOTALL)
    return [
        Line(_of("title", inside), _of("note", inside), inside, html.unescape(url), "found-guess" in inside)
        for url, inside in links
    ]


def _of(name: str, inside: str) -> str:
    found = re.search(rf'class="found-{name}">(.*?)</span>', inside, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", found.group(1))) if found else ""
