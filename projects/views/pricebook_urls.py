"""Addresses of the price book."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from portal.access import for_administrators, opens
from projects.services.prices.parts import BOOK, PARTS, Part
from projects.views import pricebook, prices
from projects.views.edits import GET_OR_POST


def _of(part: Part) -> list[URLPattern]:
    """A record's page, and what administrators do there."""
    begin, about, opened = part.query.rpartition("=")[2], {"resource": part.resource}, opens(part.model)
    edit, delete = (opened(for_administrators(GET_OR_POST(view))) for view in (prices.price_edit, prices.price_delete))
    return [
        path(f"{begin}/new/", for_administrators(GET_OR_POST(prices.price_new)), about, name=f"{part.page}_new"),
        path(f"{begin}/<int:pk>/", opened(require_safe(prices.price_page)), about, name=part.page),
        path(f"{begin}/<int:pk>/edit/", edit, about, name=f"{part.page}_edit"),
        path(f"{begin}/<int:pk>/delete/", delete, about, name=f"{part.page}_delete"),
    ]


urlpatterns = [
    path("", pricebook.price_book, name="pricebook"),
    *(address for part in PARTS.values() if part.home == BOOK for address in _of(part)),
]
