"""The pages that a person may go to, found by their names."""

from __future__ import annotations

from django.urls import reverse

from portal.access import Access
from portal.lib.search_words import Asked
from portal.registry import Findings, Hit, NavItem, registry

INSIDE_A_WORD = 2


def find_pages(access: Access, asked: Asked, limit: int) -> Findings:
    """Pages in whose name each word asked for begins a word; all of them while nothing is asked for."""
    items = [item for item in (*registry.nav, *registry.places) if item.visible(access) and _fits(item, asked)]
    hits = [Hit(str(item.label), reverse(item.url), icon=item.icon) for item in sorted(items, key=lambda i: i.order)]
    return Findings(hits[:limit] if asked.terms else hits)


def _fits(item: NavItem, asked: Asked) -> bool:
    rank = asked.rank(str(item.label).lower())
    return rank is not None and rank < INSIDE_A_WORD
