"""The pages as people use them, at a desk and on a phone, in a real browser under the real content policy."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import expect

from portal.models import RunState, SyncRun
from portal.services.syncing import run_queued
from tests.browser.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.browser
Window = Callable[..., Visitor]


@pytest.mark.parametrize("width", [1440, 768, 390, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_is_quiet(visit: Window, width: int, scheme: str) -> None:
    visitor = visit(width, color_scheme=scheme)
    visitor.open("/accounts/login/")
    assert visitor.fits()
    visitor.sign_in("administrator")
    project, connection = _first_links(visitor)
    for path in ("/", "/projects/", project, "/connections/", connection, "/projects/?q=nobody-is-called-so"):
        visitor.open(path)
        assert visitor.fits(), path
        expect(visitor.page.locator("h1")).to_have_count(1)


def _first_links(visitor: Visitor) -> tuple[str, str]:
    found = []
    for path in ("/projects/", "/connections/"):
        visitor.open(path)
        links = visitor.page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        found.append(next(link for link in links if re.fullmatch(rf"{path}\d+/", link or "")))
    return found[0], found[1]


def test_a_filter_changes_the_list_and_the_address(visit: Window) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    visitor.open("/projects/")
    page = visitor.page
    name = page.locator("main tbody tr").nth(3).locator("a").first.inner_text().strip()
    search = page.locator("main form input[name=q]")
    search.fill(name)
    search.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    expect(page.locator("main tbody tr").first).to_contain_text(name)
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("main tbody tr").first).to_contain_text(name)
    page.locator("main tbody tr a").first.click()
    page.wait_for_url(re.compile(r"/projects/\d+/"))
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    page.wait_for_url(re.compile(r"[?&]q="))


def test_the_second_page_of_the_list(visit: Window) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    visitor.open("/projects/")
    page = visitor.page
    first = page.locator("main tbody tr").first.inner_text()
    expect(page.locator("main tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("main tbody tr")).to_have_count(10)
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("main tbody tr")).to_have_count(50)
    assert page.locator("main tbody tr").first.inner_text() == first


def test_the_list_works_without_javascript(visit: Window) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.sign_in("sales")
    visitor.open("/projects/")
    name = visitor.page.locator("main tbody tr").nth(2).locator("a").first.inner_text().strip()
    visitor.page.locator("main form input[name=q]").fill(name)
    visitor.page.locator("main form input[name=q]").press("Enter")
    expect(visitor.page.locator("main tbody tr").first).to_contain_text(name)


def test_sync_now_shows_its_way_to_the_end(visit: Window, world: World) -> None:
    visitor = visit()
    visitor.sign_in("administrator")
    _project, connection = _first_links(visitor)
    visitor.open(connection)
    page = visitor.page
    page.get_by_role("button", name="Sync now").first.click()
    expect(page.locator("[data-run=queued]").first).to_be_visible()
    with scopes_disabled():
        run = SyncRun.objects.get(state=RunState.QUEUED)
    world.change("projects", 400_001, title="Changed while they watch")
    run_queued(run.pk)
    expect(page.locator("[data-run=success]").first).to_be_visible()
    expect(page.locator("[data-run=success]").first).to_contain_text("60 projects looked at, 1 changed")


def test_the_theme_is_kept(visit: Window) -> None:
    visitor = visit(color_scheme="light")
    visitor.sign_in("sales")
    before = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    visitor.page.evaluate("localStorage.clear()")
    visitor.page.emulate_media(color_scheme="dark")
    expect(visitor.page.locator("body")).not_to_have_css("background-color", before)


def test_an_inspector_sees_no_price_anywhere(visit: Window) -> None:
    visitor = visit(390, 844)
    visitor.sign_in("inspector")
    visitor.open("/projects/")
    links = visitor.page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    projects = sorted({link for link in links if re.fullmatch(r"/projects/\d+/", link or "")})
    assert projects
    for path in ["/projects/", *projects[:3]]:
        visitor.open(path)
        assert "$" not in visitor.page.locator("main").inner_text()
