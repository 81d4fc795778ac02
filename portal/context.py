"""What the frame around every page needs: organisation, navigation, age of the data."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.registry import NavItem, registry
from portal.services.live import Live, live_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html; empty for people outside any organisation."""
    access = getattr(request, "access", None)
    if access is None:
        return {}
    items = list(registry.nav_for(access))
    live = live_for(access, {item.url: item.count(access) for item in items if item.count})
    return {
        "access": access,
        "organisation": access.organisation,
        "organisations": [m.organisation for m in request.memberships],  # type: ignore[attr-defined]
        "membership": access.membership,
        "nav_main": [_entry(request, item, live) for item in items if item.order < 80],
        "nav_admin": [_entry(request, item, live) for item in items if item.order >= 80],
        "data_age": live.age,
        "bell": live.bell,
        "seen": live.seen,
    }


def _entry(request: HttpRequest, item: NavItem, live: Live) -> dict[str, Any]:
    url = reverse(item.url)
    path = request.path
    return {
        "label": item.label,
        "url": url,
        "icon": item.icon,
        "current": path == url or (url != "/" and path.startswith(url)),
        "count": live.numbers.get(item.url, 0),
    }
