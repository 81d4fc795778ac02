"""The projects by stage: a page for the browser, its columns alone for htmx, more cards of one column."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from portal.access import access_of
from portal.services.deliveries import may_write
from projects.models import Milestone
from projects.services.lists import board, listing, saved_views
from projects.services.lists.board_cards import next_piece
from projects.services.lists.columns import columns_for
from projects.services.lists.criteria import Criteria, read
from projects.services.lists.keyset import Position, read_token, write_token
from projects.services.lists.sorts import DEFAULT
from projects.services.stages import stage_of, token_of
from projects.views.bar import bar_of
from projects.views.kept import settled
from projects.views.listing import address_of


@require_safe
def project_board(request: HttpRequest) -> HttpResponseBase:
    """All projects that this person may see and that fit the address, in columns."""
    access = access_of(request)
    team, views = listing.team_of(access), saved_views.views_of(access)
    criteria = settled(read(request.GET, team, prices=access.sees_prices), views)
    here = board.board_of(access, criteria)
    swaps = bool(request.htmx) and request.htmx.target == "results"  # type: ignore[attr-defined]
    bar = bar_of(access, criteria, team, views, columns=columns_for(access, criteria.columns), page_url=request.path)
    context = {
        **bar,
        # A board has one order: latest activity first.
        "choices": [choice for choice in bar["choices"] if choice.name != "sort"],
        "criteria": criteria,
        "page": here,
        "columns": [_shown(criteria, column) for column in here.columns],
        "current": "board",
        "may_move": may_write(access),
        "stages": Milestone.choices,
        "export_url": criteria.query(view=0),
        "swaps": swaps,
    }
    response = render(request, "projects/board/swap.html" if swaps else "projects/board.html", context)
    if swaps:
        response["HX-Push-Url"] = request.path + address_of(criteria.query())
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
def more_cards(request: HttpRequest) -> HttpResponse:
    """The next cards of one column for htmx; whoever comes here otherwise is led to the list of that stage."""
    access = access_of(request)
    criteria = read(request.GET, listing.team_of(access), prices=access.sees_prices)
    try:
        stage = stage_of(request.GET.get("column", ""))
    except ValueError as error:
        raise Http404 from error
    query = board.list_query(criteria, stage)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(reverse("projects") + query)
    piece = next_piece(access, criteria, stage, _position(request.GET.get("after", "")))
    more_url = _more_url(criteria, token_of(stage), piece.next) if piece.next else ""
    context = {"cards": piece.cards, "query": query, "more_url": more_url, "is_more": True}
    response = render(request, "projects/board/cards.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _shown(criteria: Criteria, column: board.Column) -> dict[str, Any]:
    """What the column's template needs: `more_url` only where more cards follow."""
    more_url = _more_url(criteria, column.token, column.piece.next) if column.has_more else ""
    return {"column": column, "cards": column.piece.cards, "query": column.query, "more_url": more_url}


def _more_url(criteria: Criteria, token: str, after: Position | None) -> str:
    """Where the next cards of a column come from; its first ones without a position."""
    mine = {"column": token, **({"after": write_token(DEFAULT.token, after)} if after else {})}
    asked = [part for part in (criteria.query().removeprefix("?"), urlencode(mine)) if part]
    return f"{reverse('projects_board_more')}?{'&'.join(asked)}"


def _position(token: str) -> Position | None:
    """A position in a column; 404 for one that was tampered with."""
    try:
        return read_token(token, DEFAULT.token, DEFAULT.key_of) if token else None
    except ValueError as error:
        raise Http404 from error
