"""Home, search, a project's story and notifications: quiet to axe in light and dark, and walked by keyboard alone."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import Page, Route, expect
from pytest_httpserver import HTTPServer

from portal.map_tiles import source_of
from portal.models import Membership, Organisation, Topic
from portal.services.notices import tell
from projects.models import Project
from tests.browser.conftest import Visitor
from tests.browser.soundness import axe_finds

pytestmark = pytest.mark.browser
Window = Callable[..., Visitor]
# What was found for less of the word is still to be replaced, and the choice with it.
WHOLE_WORD = re.compile("^street$", re.IGNORECASE)
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def _rich_project() -> Project:
    """One with several systems and a place."""
    with scopes_disabled():
        return Project.objects.filter(lat__isnull=False, is_sold=True).order_by("pk")[0]


def _tell(kind: str) -> None:
    with scopes_disabled():
        person = Membership.objects.get(user__email=f"{kind}@sunny.example")
        url = f"/projects/{_rich_project().pk}/"
        tell(Organisation.objects.get(), Topic.SOLD, "a sale", "Sold: a roof", "4 Main St", url, to=[person])


def _tab_to(page: Page, selector: str) -> None:
    """Presses Tab until something that fits has the focus; a person would not press it a hundred times."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("selector => !!document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"The keyboard does not reach {selector}.")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_is_quiet(visit: Window, width: int, scheme: str) -> None:
    visitor = visit(width, color_scheme=scheme)
    visitor.sign_in("administrator")
    _tell("administrator")
    page, found = visitor.page, list[str]()
    story = f"/projects/{_rich_project().pk}/"
    paths = ("/", story, f"{story}?what=sync", "/search/?q=a", "/search/?q=zzqqxx")
    for path in (*paths, "/notifications/", "/notifications/choices/"):
        visitor.open(path)
        assert visitor.fits(), path
        found += axe_finds(page)
    page.keyboard.press("Control+K")
    page.keyboard.type("street")
    expect(page.locator("#palette-found mark").first).to_have_text(WHOLE_WORD)
    assert [*found, *axe_finds(page)] == []


def test_search_by_keyboard(visit: Window) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    page = visitor.page
    for keys in ("Control+K", "/"):
        page.keyboard.press(keys)
        expect(page.locator("#palette-field")).to_be_focused()
        expect(page.locator("#palette [role=option]").first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("street")
    expect(page.locator("#palette-found mark").first).to_have_text(WHOLE_WORD)
    options = page.locator("#palette [role=option]")
    # What was found is there a moment before one of it is chosen.
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert page.locator("#palette-field").get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    first = options.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{visitor.base}{first}")
    # Inside a field a slash is a slash.
    visitor.open("/projects/")
    page.locator("main form input[name=q]").focus()
    page.keyboard.press("/")
    expect(page.locator("#palette")).to_be_hidden()
    assert page.locator("main form input[name=q]").input_value() == "/"


def test_enter_before_the_answer_opens_what_was_typed(visit: Window) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    page = visitor.page
    with scopes_disabled():
        project = Project.objects.order_by("pk")[7]
    # What the open palette asks first, for nothing, is answered only when Enter has come.
    early: list[Route] = []

    def keep_waiting(route: Route) -> None:
        early.append(route)

    page.route(re.compile(r"/search/\?q=$"), keep_waiting)
    with page.expect_request(re.compile(r"/search/\?q=$")):
        page.keyboard.press("Control+K")
    page.keyboard.type(project.identifier or str(project.opensolar_id))
    page.keyboard.press("Enter")
    for route in early:
        route.fulfill(content_type="text/html", body="<p>Nothing was typed.</p>")
    page.wait_for_url(f"{visitor.base}/projects/{project.pk}/")
    expect(page.locator("h1").first).to_be_visible()


def test_home_to_a_list_to_a_story_by_keyboard(visit: Window) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    page = visitor.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_be_focused()
    _tab_to(page, "a.tile")
    wanted = page.evaluate("document.activeElement.querySelector('.figure').textContent")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/projects/\?"))
    expect(page.locator("h1 .count").first).to_have_text(wanted)
    visitor.open(f"/projects/{_rich_project().pk}/")
    _tab_to(page, ".compare-scroll")
    # Its script comes once it is about to be seen.
    page.locator(".map").scroll_into_view_if_needed()
    expect(page.locator(".map")).to_have_attribute("tabindex", "0")
    _tab_to(page, ".map")
    _tab_to(page, "#timeline-sale")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"what=sale"))
    expect(page.locator("#timeline-sale")).to_have_attribute("aria-current", "true")
    expect(page.locator("#timeline-sale")).to_be_focused()
    page.go_back()
    expect(page.locator("#timeline-all")).to_have_attribute("aria-current", "true")


def test_the_bell_by_keyboard(visit: Window) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    _tell("sales")
    visitor.open("/")
    page = visitor.page
    _tab_to(page, "a[href='/notifications/']")
    expect(page.locator("a[href='/notifications/']")).to_contain_text("1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{visitor.base}/notifications/")
    _tab_to(page, ".notice-open")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/projects/\d+/$"))
    visitor.open("/notifications/choices/")
    _tab_to(page, "input[name=sold-mail]")
    page.keyboard.press("Space")
    _tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_contain_text("Saved")
    expect(page.locator("input[name=sold-mail]")).to_be_checked()


def test_the_map_loads_the_tiles_of_the_setting(visit: Window, settings: Any, httpserver: HTTPServer) -> None:
    httpserver.expect_request(re.compile(r"/tiles/\d+/\d+/\d+\.png")).respond_with_data(PIXEL, content_type="image/gif")
    settings.MAP_TILES_URL = httpserver.url_for("/tiles/{z}/{x}/{y}.png")
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    images = [*rules["img-src"], *source_of(settings.MAP_TILES_URL)]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**rules, "img-src": images}}
    visitor = visit()
    visitor.sign_in("sales")
    visitor.open(f"/projects/{_rich_project().pk}/")
    expect(visitor.page.locator(".leaflet-tile-loaded").first).to_be_attached()
    expect(visitor.page.locator(".map-point")).to_be_attached()
    assert httpserver.log
    visitor.page.locator(".leaflet-control-zoom-out").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".leaflet-control-scale-line").first).to_contain_text("100 m")
