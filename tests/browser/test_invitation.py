"""An invitation from both sides: an administrator sends it, whoever it is for opens the mail's link and is at home."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django_scopes import scopes_disabled
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from portal.models import Membership
from projects.models import Role
from projects.tasks import send_invitations
from tests.browser.conftest import Visitor
from tests.browser.soundness import sound
from tests.world import World

pytestmark = pytest.mark.browser
Window = Callable[..., Visitor]
WIDTHS = pytest.mark.parametrize("width", [1440, 390])


@pytest.fixture(autouse=True)
def own_address(live_server: LiveServer, settings: Any) -> None:
    """Where links in mails lead."""
    settings.PORTAL_BASE_URL = live_server.url


def someone_to_invite() -> Role:
    """A visible role that nobody signs in as."""
    with scopes_disabled():
        return Role.objects.filter(membership=None, is_hidden=False, removed_at=None).exclude(email="")[0]


@WIDTHS
def test_from_the_button_to_the_first_page(visit: Window, world: World, width: int) -> None:
    role = someone_to_invite()
    administrator = visit(width)
    administrator.sign_in("administrator")
    administrator.open("/team/")
    page = administrator.page
    assert sound(administrator)
    page.get_by_role("link", name=str(role), exact=True).click()
    expect(page.locator("h1")).to_have_text(str(role))
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text(role.email)
    assert sound(administrator)
    send_invitations()
    (letter,) = mail.outbox
    (link,) = re.findall(r"http://\S+/invitations/\S+", letter.body)

    guest = visit(width)
    guest.page.goto(link)
    expect(guest.page.get_by_text(role.email)).to_be_visible()
    assert sound(guest)
    guest.page.get_by_label("Password", exact=True).fill("comet of seventeen eighty six")
    guest.page.get_by_label("Password again").fill("comet of seventeen eighty six")
    guest.page.get_by_role("button", name="Accept and sign in").click()
    guest.page.wait_for_url(f"{guest.base}/")
    expect(guest.page.get_by_role("status").first).to_contain_text("Welcome to")
    assert guest.fits()

    administrator.open("/team/?show=signs-in")
    expect(page.get_by_role("link", name=str(role), exact=True)).to_be_visible()
    again = visit(width)
    # The answer 410 is what the browser's console tells of; nothing else may be wrong.
    again.page.goto(link)
    expect(again.page.locator("h1")).to_have_text("This invitation was accepted already")
    assert sound(again)
    assert [words for words in again.complaints if "410" not in words] == []
    again.complaints.clear()


@WIDTHS
def test_the_list_is_searched_while_one_types(visit: Window, world: World, width: int) -> None:
    role = someone_to_invite()
    visitor = visit(width)
    visitor.sign_in("administrator")
    visitor.open("/team/")
    page = visitor.page
    page.locator("main input[name=q]").type(str(role), delay=10)
    page.wait_for_url(re.compile(r"/team/\?q="))
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody tr")).to_contain_text(str(role))


def test_who_is_signed_in_as_somebody_else_goes_on(visit: Window, world: World) -> None:
    role = someone_to_invite()
    visitor = visit(390)
    visitor.sign_in("administrator")
    visitor.open(f"/team/roles/{role.pk}/")
    visitor.page.get_by_role("button", name="Invite", exact=True).click()
    expect(visitor.page.get_by_role("button", name="Invite again")).to_be_visible()
    send_invitations()
    (link,) = re.findall(r"http://\S+/invitations/\S+", mail.outbox[0].body)
    visitor.page.goto(link)
    assert sound(visitor)
    visitor.page.get_by_role("button", name="Sign out and go on").click()
    expect(visitor.page.get_by_role("button", name="Accept and sign in")).to_be_visible()
    assert visitor.page.url == link


def test_somebody_is_removed_by_keyboard_alone(visit: Window, world: World) -> None:
    visitor = visit()
    visitor.sign_in("administrator")
    visitor.open("/team/?show=signs-in&q=sales")
    page = visitor.page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/team/(roles|members)/\d+/"))
    for name in ("Remove from the team …", "Remove from the team"):
        target = page.locator("main").get_by_text(name, exact=True)
        for _step in range(60):
            if target.evaluate("element => element === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()


@WIDTHS
def test_the_administrators_pages_are_sound(
    visit: Window, world: World, settings: Any, tmp_path: Any, width: int
) -> None:
    settings.DEMO_MAILS, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    visitor = visit(width)
    visitor.sign_in("administrator")
    visitor.open("/team/?show=not-invited")
    if width > 640:
        visitor.page.locator("main tbody").get_by_role("button", name="Invite").first.click()
        expect(visitor.page.get_by_role("status").first).to_contain_text("Invited")
        assert visitor.page.url.endswith("/team/?show=not-invited")
    visitor.page.get_by_role("button", name="Invite the whole team").click()
    expect(visitor.page.get_by_role("status").filter(has_text="people are invited")).to_be_visible()
    send_invitations()
    with scopes_disabled():
        member = Membership.objects.get(user__email="sales@sunny.example").pk
    about = (f"/team/members/{member}/", f"/team/members/{member}/remove/", "/team/leave/", "/team/invite/")
    rest = ("/organisation/settings/", "/organisation/audit/", "/connections/new/", "/accounts/you/", "/demo/mails/")
    for path in (*about, *rest, "/organisation/audit/?who=0", "/team/?q=nobody-is-called-so"):
        visitor.open(path)
        assert sound(visitor), path
    visitor.open("/demo/mails/")
    visitor.page.locator("main a").first.click()
    visitor.page.wait_for_url(re.compile(r"/demo/mails/.+/$"))
    assert sound(visitor)
