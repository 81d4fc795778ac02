"""The board in a real browser: dragging moves a project, the keyboard walks it, a phone shows it in panes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import Locator, Page, expect

from portal.models import Delivery
from projects.models import Project
from tests.browser.conftest import Visitor
from tests.factories import NOON

pytestmark = pytest.mark.browser
Window = Callable[..., Visitor]
BOARD = "/projects/board/"
STAYS = "It stays in its stage: sales staff and administrators move projects."
KEPT = "Kept, and on its way to OpenSolar."


def _board(visitor: Visitor, who: str = "sales", query: str = "") -> Page:
    visitor.sign_in(who)
    visitor.open(BOARD + query)
    return visitor.page


def _cards(page: Page, column: int) -> Locator:
    return page.locator(".board-column").nth(column).locator("[data-card]")


def _full_columns(page: Page) -> list[int]:
    """The columns that have at least two cards, by place."""
    counts = page.locator(".board-column").evaluate_all("all => all.map(c => c.querySelectorAll('[data-card]').length)")
    return [place for place, count in enumerate(counts) if count >= 2]


def _middle(card: Locator) -> tuple[float, float]:
    box = card.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _requests(page: Page) -> list[str]:
    """What the page asks of the server from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def _drag(page: Page, card: Locator, to: tuple[float, float]) -> None:
    page.mouse.move(*_middle(card))
    page.mouse.down()
    page.mouse.move(*to, steps=8)
    expect(page.locator(".board-ghost")).to_have_count(1)
    page.mouse.up()


def _without_workflow() -> None:
    """Where a workflow has several stages for a milestone, a person has to say which."""
    with scopes_disabled():
        Project.objects.update(active_stage_id=None)


def _edits() -> list[tuple[str, Any]]:
    with scopes_disabled():
        return [(edit.vendor_id, edit.body) for edit in Delivery.objects.order_by("pk")]


def test_a_dragged_card_moves_and_only_after_a_question_back(visit: Window) -> None:
    visitor = visit()
    _without_workflow()
    page = _board(visitor)
    first, second, *_ = _full_columns(page)
    card, other = _cards(page, first).nth(1), _cards(page, second).first
    stages = [page.locator(".board-column").nth(place).get_attribute("data-stage") for place in (first, second)]
    name, address = other.inner_text(), other.get_attribute("href")
    _drag(page, card, _middle(other))
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_have_count(1)
    assert page.url.endswith(BOARD)
    assert [body for _number, body in _edits()] == [{"stage": int(stages[1] or 0)}]
    _drag(page, _cards(page, second).filter(has_text=name).first, _middle(_cards(page, first).first))
    expect(page.get_by_role("heading", level=1)).to_have_text("Move back?")
    assert len(_edits()) == 1
    page.get_by_role("button", name="Move it back").click()
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_have_count(1)
    assert page.url.endswith(BOARD)
    with scopes_disabled():
        number = Project.objects.get(pk=(address or "").split("/")[2]).opensolar_id
    assert _edits()[1] == (str(number), {"stage": int(stages[0] or 0)})


def test_who_may_not_move_projects_is_told_so(visit: Window) -> None:
    page = _board(visit(), "inspector")
    card = page.locator("[data-card]").first
    name, address = card.inner_text(), card.get_attribute("href")
    mine = card.evaluate("card => card.closest('.board-column').id")
    before, asked = _middle(card), _requests(page)
    _drag(page, card, _middle(page.locator(f".board-column:not(#{mine}) h2").first))
    said = page.get_by_role("status").filter(has_text=STAYS)
    expect(said).to_contain_text(name)
    expect(page.locator(".board-ghost, .board-lifted")).to_have_count(0)
    assert _middle(card) == before
    assert page.url.endswith(BOARD)
    assert asked == []
    assert _edits() == []
    said.get_by_role("link", name="Open the project").click()
    page.wait_for_url(f"**{address}")


def test_a_card_dropped_in_its_own_column_or_let_go_says_nothing(visit: Window) -> None:
    page = _board(visit())
    first, second, *_ = _full_columns(page)
    card = _cards(page, first).first
    _drag(page, card, _middle(_cards(page, first).nth(1)))
    expect(page.locator(".board-ghost, .board-lifted")).to_have_count(0)
    page.mouse.move(*_middle(card))
    page.mouse.down()
    page.mouse.move(*_middle(_cards(page, second).first), steps=8)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".board-ghost, .board-lifted")).to_have_count(0)
    expect(page.locator("[data-stays]")).to_have_count(0)
    assert page.url.endswith(BOARD)
    card.click()
    page.wait_for_url(re.compile(r"/projects/\d+/$"))


def test_a_resting_finger_drags_and_a_quick_one_does_not(visit: Window) -> None:
    visitor = visit(1024, 768, has_touch=True)
    _without_workflow()
    page = _board(visitor)
    first, second, *_ = _full_columns(page)
    card = _cards(page, first).first
    (x, y), (to_x, to_y) = _middle(card), _middle(_cards(page, second).first)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    # While the page's clock stands, no finger is a slow one.
    page.clock.install(time=NOON)
    page.clock.pause_at(NOON + timedelta(minutes=1))
    send("touchStart", (x, y))
    send("touchMove", (x, y - 40))
    expect(page.locator(".board-ghost")).to_have_count(0)
    send("touchEnd")
    page.clock.resume()
    send("touchStart", (x, y))
    expect(page.locator(".board-ghost")).to_have_count(1)
    send("touchMove", ((x + to_x) / 2, to_y))
    send("touchMove", (to_x, to_y))
    send("touchEnd")
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_have_count(1)
    assert page.url.endswith(BOARD)


def test_the_board_by_keyboard(visit: Window) -> None:
    page = _board(visit())
    first, second, *_ = _full_columns(page)
    expect(_cards(page, first).first).to_have_attribute("tabindex", "0")
    expect(_cards(page, first).nth(1)).to_have_attribute("tabindex", "-1")
    _cards(page, first).first.focus()
    for key, column, place in (
        ("ArrowDown", first, 1),
        ("ArrowRight", second, 1),
        ("ArrowUp", second, 0),
        ("ArrowUp", second, 0),
        ("ArrowLeft", first, 0),
        ("ArrowDown", first, 1),
        ("Home", first, 0),
    ):
        page.keyboard.press(key)
        expect(_cards(page, column).nth(place)).to_be_focused()
    card = _cards(page, first).nth(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    button = page.locator(".board-card").filter(has=page.locator(":focus")).get_by_role("button")
    expect(button).to_have_accessible_name(f"Move {card.inner_text()}…")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Move to another stage")
    expect(dialog.get_by_label("Stage")).to_be_visible()
    expect(dialog).to_contain_text(card.inner_text())
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    expect(card).to_be_focused()
    address = card.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_show_more_goes_on_where_the_column_ends(visit: Window) -> None:
    page = _board(visit())
    more = page.get_by_role("link", name="Show more").first
    stage = more.evaluate("link => link.closest('.board-column').id")
    column = page.locator(f"#{stage}")
    total = int(column.locator(".count").inner_text())
    more.focus()
    page.keyboard.press("Enter")
    expect(column.locator("[data-card]")).to_have_count(min(40, total))
    expect(column.locator("[data-card]").nth(20)).to_be_focused()
    names = column.locator("[data-card]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert len(set(names)) == len(names)


def test_a_filter_changes_the_board_and_its_address(visit: Window) -> None:
    page = _board(visit())
    name = page.locator("[data-card]").nth(2).inner_text()
    page.locator("main form input[name=q]").fill(name)
    page.wait_for_url(re.compile(r"/projects/board/\?q="))
    expect(page.locator("[data-card]").first).to_have_text(name)
    page.get_by_role("link", name="Table").click()
    page.wait_for_url(re.compile(r"/projects/\?q="))
    expect(page.locator("main tbody tr").first).to_contain_text(name)


@pytest.mark.parametrize("width", [1440, 768, 390, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_window(visit: Window, width: int, scheme: str) -> None:
    visitor = visit(width, 844, color_scheme=scheme)
    for query in ("", "?stage=open", "?q=nobody-is-called-so"):
        page = _board(visitor, "administrator", query) if not query else visitor.page
        visitor.open(BOARD + query)
        assert visitor.fits(), query
        expect(page.locator("h1")).to_have_count(1)


def test_a_phone_goes_from_stage_to_stage(visit: Window) -> None:
    visitor = visit(390, 844, has_touch=True)
    page = _board(visitor)
    columns = page.locator(".board-column")
    expect(columns.first).to_be_in_viewport()
    expect(columns.last).not_to_be_in_viewport()
    page.get_by_role("navigation", name="Stages").get_by_role("link").last.click()
    expect(columns.last).to_be_in_viewport(ratio=0.5)
    assert visitor.fits()


def test_the_board_works_without_javascript(visit: Window) -> None:
    page = _board(visit(java_script_enabled=False))
    column = page.locator(".board-column").filter(has=page.get_by_role("link", name="Show more")).first
    total = column.locator(".count").inner_text()
    expect(page.get_by_role("button", name=re.compile("^Move"))).to_have_count(0)
    column.get_by_role("link", name="Show more").click()
    page.wait_for_url(re.compile(r"/projects/\?stage="))
    expect(page.locator("#count")).to_have_text(total)


def test_an_inspector_sees_no_price_on_the_board(visit: Window) -> None:
    page = _board(visit(), "inspector")
    assert page.locator("[data-card]").count()
    assert "$" not in page.locator("main").inner_text()
