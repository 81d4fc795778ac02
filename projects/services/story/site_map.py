"""The map of a project's place: its point, the tiles that an operator chose, and links that work without any."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from portal import map_tiles
from projects.models import Project

# Where distances on roads and roofs are told in feet.
FEET = frozenset({"US", "LR", "MM"})


@dataclass(frozen=True, slots=True)
class SiteMap:
    """`lat`, `lon` as a script reads them; `geo` for maps apps; `tiles` empty where only the plain ground is drawn."""

    lat: str
    lon: str
    tiles: str
    attribution: str
    imperial: bool

    @property
    def coordinates(self) -> str:
        """Latitude and longitude in degrees."""
        return f"{self.lat},{self.lon}"

    @property
    def geo(self) -> str:
        """The address that a telephone opens in its maps app (RFC 5870), with a pin on the point."""
        return f"geo:{self.coordinates}?q={self.coordinates}"


def map_of(project: Project) -> SiteMap | None:
    """The map; None where a coordinate is missing or impossible."""
    lat, lon = project.lat, project.lon
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    usable = bool(map_tiles.source_of(settings.MAP_TILES_URL))
    return SiteMap(
        lat=f"{lat:.6f}",
        lon=f"{lon:.6f}",
        tiles=settings.MAP_TILES_URL if usable else "",
        attribution=settings.MAP_TILES_ATTRIBUTION if usable else "",
        imperial=project.country_iso2.upper() in FEET,
    )
