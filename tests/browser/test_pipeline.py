"""A day in the pipeline: from home to the list, the board and the file, at a desk and on a phone."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.soundness import axe_finds

pytestmark = pytest.mark.browser
Window = Callable[..., Visitor]
PHONE = 768


def sound(visitor: Visitor) -> bool:
    """Whether axe has nothing to say, and nothing hangs over the side."""
    assert axe_finds(visitor.page) == []
    return visitor.fits()


def rows(page: Page) -> Locator:
    """The lines of the list."""
    return page.locator("main tbody tr")


def shown(page: Page) -> list[dict[str, str]]:
    """What stands in each line: the customer, the stage, and every cell by its label."""
    found: list[dict[str, str]] = rows(page).evaluate_all(
        """all => all.map(row => {
            const text = cell => cell.querySelector('.cell-main').textContent.replace(/\\s+/g, ' ').trim();
            const cells = [...row.querySelectorAll('[data-label]')].map(cell => [cell.dataset.label, text(cell)]);
            return {Customer: text(row.querySelector('.cell-title')),
                Stage: row.querySelector('.cell-state .cell-main').textContent.trim(), ...Object.fromEntries(cells)};
        })"""
    )
    return found


def file_of(download: Download) -> list[dict[str, str]]:
    """The lines of a downloaded file."""
    with Path(download.path()).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def as_shown(line: dict[str, str]) -> dict[str, str]:
    """A line of the file as the list writes it."""
    phone = line["Phone"].removeprefix("'")
    return {
        "Customer": line["Customer"],
        "Stage": line["Stage"],
        "System": f"{float(line['Size (kW)']):.1f} kW" if line["Size (kW)"] else "–",
        "Price": f"${float(line['Price incl. tax']):,.0f}" if line["Price incl. tax"] else "–",
        "Phone": phone or "–",
    }


def count_of(page: Page) -> int:
    """The number beside the heading."""
    return int(page.locator("#count").inner_text())


def home_tile_opens_what_it_counts(visitor: Visitor) -> None:
    tile = visitor.page.get_by_role("link", name=re.compile("My open projects")).first
    number = int(re.findall(r"\d+", tile.inner_text())[0])
    tile.click()
    visitor.page.wait_for_url(re.compile(r"/projects/\?.*stage=open"))
    assert count_of(visitor.page) == number > 0


def filters_narrow(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.get_by_role("link", name="Clear all").click()
    page.wait_for_url(re.compile(r"/projects/$"))
    everything = count_of(page)
    if width <= PHONE:
        page.get_by_role("button", name="Filters").click()
    page.locator("#choose-stage").select_option("open")
    page.wait_for_url(re.compile("stage=open"))
    page.locator(".more-filters > summary").click()
    page.get_by_label("Size, from").fill("5")
    page.get_by_label("Size, from").press("Tab")
    page.wait_for_url(re.compile("kw_from=5"))
    expect(page.locator(".chips")).to_contain_text("from 5 kW")
    page.keyboard.press("Escape")
    if width <= PHONE:
        page.get_by_role("button", name="Filters (2)").click()
    assert 2 < count_of(page) < everything


def columns_are_chosen(page: Page) -> None:
    page.locator("#columns > summary").click()
    panel = page.locator("#columns form")
    for name in ("kWh a year", "Owner", "Created", "Activity"):
        panel.get_by_label(name, exact=True).uncheck()
    panel.get_by_label("Phone", exact=True).check()
    panel.get_by_role("button", name="Show these").click()
    page.wait_for_url(re.compile("columns=customer,stage,system,price,phone"))
    assert set(shown(page)[0]) == {"Customer", "Stage", "System", "Price", "Phone"}


def a_view_is_kept_and_pinned(visitor: Visitor) -> None:
    page, number = visitor.page, count_of(visitor.page)
    page.locator("#kept > summary").click()
    page.get_by_label("Keep this list as").fill("Large and open")
    page.get_by_label("Among my tabs").uncheck()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("“Large and open” is kept.")).to_be_visible()
    page.locator("#kept > summary").click()
    page.get_by_role("link", name="Rename, pin, share, delete…").click()
    expect(page.locator(".kept-view")).to_contain_text(f"{number} projects")
    page.get_by_role("button", name="Add to my tabs").click()
    expect(page.get_by_role("button", name="Take from my tabs")).to_be_visible()
    assert sound(visitor)
    page.goto(f"{visitor.base}/projects/")
    tab = page.get_by_role("navigation", name="Views").get_by_role("link", name="Large and open")
    expect(tab).to_have_text(re.compile(rf"Large and open\s+{number}"))
    tab.click()
    page.wait_for_url(re.compile("view="))
    assert count_of(page) == number
    expect(tab).to_have_attribute("aria-current", "page")


def the_keyboard_walks_opens_and_comes_back(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("body").evaluate("() => document.activeElement.blur()")
    links = page.locator("main .row-link")
    for key, place in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()
    page.keyboard.press("x")
    expect(rows(page).nth(1).get_by_role("checkbox")).to_be_checked()
    selected = page.get_by_role("status").filter(has_text="1 selected")
    expect(selected).to_be_visible()
    list_address, name = page.url, links.nth(1).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/projects/\d+/$"))
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    page.wait_for_url(list_address)
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    expect(selected).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("#selection")).to_be_hidden()
    page.reload()
    expect(page.locator("#selection")).to_be_hidden()


def the_board_shows_the_same(visitor: Visitor) -> None:
    page, number = visitor.page, count_of(visitor.page)
    page.get_by_role("navigation", name="Show as").get_by_role("link", name="Board").click()
    page.wait_for_url(re.compile("/projects/board/.*kw_from=5"))
    assert count_of(page) == number
    heads = page.locator(".board-head").all_inner_texts()
    assert sum(int(re.findall(r"\d+", head)[0]) for head in heads) == number
    assert all(re.search(r"[\d,.]+\skW", head) and "$" in head for head in heads if "\n" in head)
    assert sound(visitor)
    page.get_by_role("navigation", name="Show as").get_by_role("link", name="Table").click()
    page.wait_for_url(re.compile(r"/projects/\?.*kw_from=5"))


def files_hold_what_is_shown(page: Page) -> None:
    whole = shown(page)
    with page.expect_download() as loading:
        page.locator("#export").click()
    assert [as_shown(line) for line in file_of(loading.value)] == whole
    for place in (0, 2):
        rows(page).nth(place).get_by_role("checkbox").check()
    expect(page.get_by_role("status").filter(has_text="2 selected")).to_be_visible()
    with page.expect_download() as loading:
        page.locator("#selection").get_by_role("button", name="Export").click()
    assert [as_shown(line) for line in file_of(loading.value)] == [whole[0], whole[2]]
    page.locator("#selection").get_by_role("button", name="E-mail addresses").click()
    expect(page.locator("h1")).to_contain_text("E-mail addresses")
    expect(page.locator("#emails")).to_have_value(re.compile("@"))


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_day_in_the_pipeline(visit: Window, width: int, scheme: str) -> None:
    visitor = visit(width, 900, color_scheme=scheme)
    visitor.sign_in("sales")
    home_tile_opens_what_it_counts(visitor)
    filters_narrow(visitor, width)
    columns_are_chosen(visitor.page)
    assert sound(visitor)
    a_view_is_kept_and_pinned(visitor)
    the_keyboard_walks_opens_and_comes_back(visitor.page)
    the_board_shows_the_same(visitor)
    files_hold_what_is_shown(visitor.page)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light"), (820, "light")])
def test_menus_stay_inside_the_window(visit: Window, width: int, scheme: str) -> None:
    """What opens above the list is a panel over it, not a part of the page, and nothing of it is cut off."""
    visitor = visit(width, 900, color_scheme=scheme)
    visitor.sign_in("sales")
    visitor.open("/projects/")
    page = visitor.page
    top = rows(page).first.bounding_box()
    for menu in ("#columns", "#kept", ".more-filters"):
        if menu == ".more-filters" and width <= PHONE:
            page.get_by_role("button", name="Filters").click()
        page.locator(f"{menu} > summary").click()
        box = page.locator(f"{menu} > .menu-panel").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        if menu != ".more-filters" or width > PHONE:
            assert rows(page).first.bounding_box() == top
        assert sound(visitor)
        page.keyboard.press("Escape")
    price = page.locator("td[data-label=Price]").first.bounding_box()
    assert price
    assert price["x"] + price["width"] <= width
