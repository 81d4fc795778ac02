"""The map of a project's place: from the operator's tiles, useful without any, and no more allowed than their host."""

from __future__ import annotations

import re
from typing import Any

import pytest
from csp.constants import SELF
from django.test import Client

from portal.map_tiles import source_of, trouble_with
from tests.conftest import Company
from tests.factories import make_project
from tests.projects.pages.reading import text_of
from tests.test_configuration import KEY, STRONG, shown, start

TILES = "https://tiles.example.com:8443/v1/{z}/{x}/{y}.png?key=abc"


def _data(page: Any) -> dict[str, str]:
    return dict(re.findall(r'data-(lat|lon|tiles|imperial)="([^"]*)"', page.content.decode()))


def test_without_tiles_the_place_is_there_all_the_same(sunny: Company, grace: Client) -> None:
    project = make_project(sunny.connection, lat=-33.8567844, lon=151.2152967)
    page = grace.get(f"/projects/{project.pk}/")
    assert _data(page) == {"lat": "-33.856784", "lon": "151.215297", "tiles": "", "imperial": "no"}
    assert 'href="geo:-33.856784,151.215297?q=-33.856784,151.215297"' in page.content.decode()
    assert "-33.856784,151.215297" in text_of(page)
    american = make_project(sunny.connection, lat=32.2, lon=-110.9, country_iso2="US")
    assert _data(grace.get(f"/projects/{american.pk}/"))["imperial"] == "yes"


def test_tiles_come_from_the_setting_with_their_makers_named(sunny: Company, grace: Client, settings: Any) -> None:
    settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION = TILES, "© <Mapmakers>"
    page = grace.get(f"/projects/{make_project(sunny.connection, lat=1.0, lon=2.0).pk}/")
    assert _data(page)["tiles"] == TILES
    assert "© &lt;Mapmakers&gt;" in page.content.decode()
    settings.MAP_TILES_URL = "http://tiles.example.com/{z}.png"
    page = grace.get(f"/projects/{make_project(sunny.connection, lat=1.0, lon=2.0).pk}/")
    assert _data(page)["tiles"] == ""
    assert "Mapmakers" not in page.content.decode()


@pytest.mark.parametrize(("lat", "lon"), [(None, 151.0), (-33.0, None), (91.0, 0.0), (0.0, -181.0), (1e300, 0.0)])
def test_an_impossible_place_has_no_map(sunny: Company, grace: Client, lat: float | None, lon: float | None) -> None:
    page = grace.get(f"/projects/{make_project(sunny.connection, lat=lat, lon=lon).pk}/")
    assert page.status_code == 200
    assert "map.js" not in page.content.decode()
    assert "data-map" not in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.com/{z}/{x}/{y}.png",
        "https://tiles.example.com/{z}/{x}.png",
        "https://{s}.tiles.example.com/{z}/{x}/{y}.png",
        "https://*.example.com/{z}/{x}/{y}.png",
        "https://me:secret@tiles.example.com/{z}/{x}/{y}.png",
        "https://tiles.example.com;script-src *//{z}/{x}/{y}.png",
        "https://tiles.example.com /{z}/{x}/{y}.png",
        "https://tiles.example.com:many/{z}/{x}/{y}.png",
        "https://[::1/{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}/{x}/{y}",
        "/tiles/{z}/{x}/{y}.png",
    ],
)
def test_an_address_that_cannot_work_allows_nothing(address: str) -> None:
    assert trouble_with(address)
    assert source_of(address) == []


def test_pages_may_load_images_from_that_host_alone(tmp_path: Any, grace: Client) -> None:
    policy: Any = shown(tmp_path, "CONTENT_SECURITY_POLICY", MAP_TILES_URL=TILES)["CONTENT_SECURITY_POLICY"]
    assert policy["DIRECTIVES"].pop("img-src") == [SELF, "data:", "https://tiles.example.com:8443"]
    assert "tiles.example.com" not in str(policy)
    header = grace.get("/")["Content-Security-Policy"]
    assert "img-src 'self' data:;" in f"{header};"


def test_a_useless_address_stops_the_start_with_a_sentence(tmp_path: Any) -> None:
    right = {"SECRET_KEY": STRONG, "FIELD_ENCRYPTION_KEYS": KEY}
    done = start(tmp_path, "check", **right, MAP_TILES_URL="http://tiles.example.com/{z}/{x}/{y}.png")
    assert done.returncode == 1
    assert "MAP_TILES_URL cannot be used: it is not https." in done.stderr
