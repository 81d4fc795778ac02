"""Reads a board as a person does: its columns in their order, what stands in their heads, the names on their cards."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

BOARD = "/projects/board/"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its count, its sums as they are written, its cards' names and whole texts."""

    name: str
    count: int
    sums: list[str]
    names: list[str]
    text: str
    more: str
    more_by_htmx: str


def columns_of(response: Any) -> list[Column]:
    """The columns of a board, left to right."""
    assert response.status_code == 200
    return [_column(part) for part in re.findall(r'<section class="board-column".*?</section>', _body(response), re.S)]


def column_of(response: Any, name: str) -> Column:
    """The column of that name."""
    return next(column for column in columns_of(response) if column.name == name)


def names_in(response: Any) -> list[str]:
    """The customers on cards, in their order."""
    return [html.unescape(name) for name in re.findall(r'class="row-link board-name"[^>]*>([^<]*)<', _body(response))]


def more_in(response: Any) -> tuple[str, str]:
    """Where "Show more" leads without JavaScript and with it; empty where there is none."""
    found = re.search(r'class="board-more"><a [^>]*?href="([^"]*)" hx-get="([^"]*)"', _body(response))
    return (html.unescape(found[1]), html.unescape(found[2])) if found else ("", "")


def all_names(client: Any, column: Column) -> list[list[str]]:
    """The names of each piece of a column, following "Show more" as htmx does."""
    pieces, address = [column.names], column.more_by_htmx
    while address:
        response = client.get(address, headers={"HX-Request": "true"})
        assert response.status_code == 200
        pieces.append(names_in(response))
        _, address = more_in(response)
    return pieces


def _column(part: str) -> Column:
    head = re.search(r"<h2.*?</h2>", part, re.S)
    assert head
    label = re.search(r"</svg>([^<]+)</span>", head[0])
    count = re.search(r'class="count">([\d,]+)<', head[0])
    assert label
    assert count
    sums = re.search(r'class="board-sums">(.*?)</p>', part, re.S)
    more, more_by_htmx = more_in(part)
    return Column(
        name=html.unescape(label[1]).strip(),
        count=int(count[1].replace(",", "")),
        sums=[_plain(sum_) for sum_ in sums[1].split('<span class="board-money">')] if sums else [],
        names=names_in(part),
        text=_plain(part),
        more=more,
        more_by_htmx=more_by_htmx,
    )


def _plain(part: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", part)).replace("\xa0", " ").split())


def _body(response: Any) -> str:
    return response if isinstance(response, str) else str(response.content.decode())
