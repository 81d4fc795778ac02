"""A first run in a real browser: from an empty portal to the company's first projects and an invited team."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from portal.models import RunState, SyncRun
from portal.sandbox.server import Sandbox
from portal.services.syncing import run_queued
from projects.models import Invitation, Project
from projects.tasks import send_invitations
from tests.browser.conftest import Visitor
from tests.browser.soundness import sound

pytestmark = pytest.mark.browser
Window = Callable[..., Visitor]

PASSPHRASE = "radium and polonium"


@pytest.fixture(autouse=True)
def vendor(transactional_db: Any, settings: Any, live_server: LiveServer) -> Iterator[Sandbox]:
    """A vendor at the address that is tried when none is given, and a portal that knows its own."""
    settings.PORTAL_BASE_URL = live_server.url
    with Sandbox(projects=20, today=date(2026, 11, 20)) as sandbox:
        settings.VENDOR_BASE_URLS = {"opensolar": sandbox.opensolar_url}
        yield sandbox


def link() -> str:
    """What `manage.py setuplink` prints."""
    out = StringIO()
    call_command("setuplink", stdout=out)
    (address,) = re.findall(r"http://\S+", out.getvalue())
    return str(address)


def go_on(page: Page) -> None:
    page.locator("main").get_by_role("button", name="Go on").or_(page.get_by_role("link", name="Go on")).click()


@pytest.mark.parametrize("width", [1440, 390])
def test_an_empty_portal_leads_to_projects_and_a_team(windows: Window, width: int) -> None:
    visitor = windows(width)
    visitor.open("/")
    expect(visitor.page.get_by_text("This portal is empty")).to_be_visible()
    assert sound(visitor)
    become_administrator(visitor)
    name_the_company(visitor)
    connect(visitor)
    watch_the_first_sync(visitor)
    invite_everybody(visitor)
    visitor.open("/")
    expect(visitor.page.locator("h1")).to_be_visible()
    assert "Setting up" not in visitor.page.locator("main").inner_text()
    assert sound(visitor)


def become_administrator(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(link())
    assert sound(visitor)
    page.get_by_label("Company name").fill("Sunny Roofs")
    page.get_by_label("First name").fill("Marie")
    page.get_by_label("Last name").fill("Curie")
    page.get_by_label("E-mail address").fill("marie@sunny.example")
    page.get_by_label("Password").fill(PASSPHRASE)
    go_on(page)
    page.wait_for_url(f"{visitor.base}/welcome/")


def name_the_company(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("heading", name="What is your company called?")).to_be_visible()
    assert sound(visitor)
    go_on(visitor.page)


def connect(visitor: Visitor) -> None:
    """First with a wrong password: what the vendor says stands on the page, and nothing else is lost."""
    page = visitor.page
    expect(page.get_by_role("heading", name="Connect your OpenSolar account")).to_be_visible()
    expect(page.get_by_text("api-token-auth")).to_be_visible()
    assert sound(visitor)
    page.get_by_label("Organisation number").fill("1")
    page.get_by_label("E-mail address").fill("marie.curie@example.com")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Try it and connect").click()
    expect(page.locator("main [role=alert]").first).to_contain_text("OpenSolar")
    expect(page.get_by_label("Organisation number")).to_have_value("1")
    assert sound(visitor)
    # The answer 422 is what the browser's console tells of; nothing else may be wrong.
    assert [words for words in visitor.complaints if "422" not in words] == []
    visitor.complaints.clear()
    page.get_by_label("Password").fill("sunny-roofs-demo")
    page.get_by_role("button", name="Try it and connect").click()
    page.wait_for_url(f"{visitor.base}/welcome/?step=sync")


def watch_the_first_sync(visitor: Visitor) -> None:
    """The page follows the worker by itself."""
    page = visitor.page
    expect(page.locator("[data-run=queued]")).to_be_visible()
    expect(page.get_by_text("This shows when the first sync has ended")).to_be_visible()
    assert sound(visitor)
    with scopes_disabled():
        run_queued(SyncRun.objects.get(state=RunState.QUEUED).pk)
        assert Project.objects.count() == 20
    expect(page.locator("[data-run=success]")).to_be_visible()
    expect(page.locator("#plan")).to_contain_text("refused nothing")
    assert sound(visitor)
    go_on(page)


def invite_everybody(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", name="Invite your team")).to_be_visible()
    assert sound(visitor)
    page.get_by_role("button", name="Invite the whole team").click()
    page.wait_for_url(f"{visitor.base}/team/")
    expect(page.get_by_role("status").first).to_contain_text("people are invited")
    send_invitations()
    with scopes_disabled():
        assert len(mail.outbox) == Invitation.objects.exclude(sent_at=None).count() > 3


def test_the_steps_can_be_left_by_keyboard(windows: Window) -> None:
    visitor = windows()
    page = visitor.page
    page.goto(link())
    page.get_by_label("Company name").focus()
    for words in ("Sunny Roofs", "Marie", "Curie", "marie@sunny.example", PASSPHRASE):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{visitor.base}/welcome/")
    button = page.get_by_role("button", name="I know my way")
    for _step in range(40):
        if button.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{visitor.base}/")
    expect(page.get_by_text("None yet")).to_be_visible()
