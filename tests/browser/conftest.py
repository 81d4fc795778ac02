"""A real Chromium that reports what goes wrong on a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from portal.models import Kind, Membership, Organisation, User
from projects.models import Role
from tests.browser import chromium
from tests.conftest import PASSWORD
from tests.first_sync import synced_once
from tests.world import World

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
MORE_FLAGS = ["--disable-component-update", "--disable-sync"]
# In milliseconds: what comes, comes much sooner, but not on a machine that does four other things.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": chromium.path(), "args": FLAGS + MORE_FLAGS}


@pytest.fixture
def world(transactional_db: Any) -> Iterator[World]:
    """A company of sixty projects, mirrored."""
    with synced_once(60) as vendor:
        with scopes_disabled():
            _people()
        yield vendor


def _people() -> None:
    organisation = Organisation.objects.get()
    for kind, number in ((Kind.ADMINISTRATOR, 50), (Kind.SALES, 52), (Kind.INSPECTOR, 56)):
        user = User.objects.create_user(f"{kind}@sunny.example", PASSWORD)
        membership = Membership.objects.create(organisation=organisation, user=user, derived_kind=kind)
        Role.objects.filter(opensolar_id=number).update(membership=membership)


class Visitor:
    """A person at a browser; `complaints` collects what the page's console and network say."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base, self.complaints = base, list[str]()
        self.page: Page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        # Leaving a page cuts off what it was asking for; htmx reports that as an error.
        left = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError"))
        if message.type in ("error", "warning") and not left:
            self.complaints.append(message.text)

    def sign_in(self, kind: str) -> None:
        """As the person of that kind."""
        self.open("/accounts/login/")
        self.page.get_by_label("Email").fill(f"{kind}@sunny.example")
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").click()
        self.page.wait_for_url(f"{self.base}/")

    def open(self, path: str) -> None:
        """Goes to an address of the portal."""
        self.page.goto(self.base + path)

    def fits(self) -> bool:
        """Whether the page needs no scrolling to the side."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture
def visit(world: World, windows: Any) -> Any:
    """The same, where there is a company to visit."""
    return windows


@pytest.fixture
def windows(browser: Browser, live_server: LiveServer) -> Iterator[Any]:
    """`windows(width, …)` opens a browser window; at the end no page may have complained."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def window(width: int = 1440, height: int = 900, **options: Any) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        visitors.append(Visitor(context, live_server.url))
        return visitors[-1]

    yield window
    for context in contexts:
        context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
