"""What needs me today, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.registry import registry
from portal.services import first_run

# What is offered before this order stands above the figures.
FIGURES_FROM = 10


def home(request: HttpRequest) -> HttpResponse:
    """The home page: what the apps offer to this kind of person; a calm word for people of no organisation."""
    access = getattr(request, "access", None)
    if access is None:
        return render(request, "portal/nowhere.html")
    if first_run.is_needed(access):
        return redirect("welcome")
    tiles = [
        {"template": tile.template, "order": tile.order, **tile.context(request)} for tile in registry.tiles_for(access)
    ]
    context = {
        "notes": [tile for tile in tiles if tile["order"] < FIGURES_FROM],
        "figures": [figure for tile in tiles for figure in tile.get("figures", ())],
        "tiles": [tile for tile in tiles if tile["order"] >= FIGURES_FROM],
    }
    return render(request, "portal/home.html", context)
