"""Passkeys and authenticator apps in a real browser, with a security chip played by Chromium."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, expect

from portal.models import Organisation
from tests.browser.conftest import Visitor
from tests.browser.soundness import axe_finds
from tests.conftest import PASSWORD
from tests.portal.accounts.doors import app_code, lasting_moment

pytestmark = pytest.mark.browser

SALES = "sales@sunny.example"
YOU = "/accounts/you/"


def chip(page: Page, **options: Any) -> tuple[CDPSession, str]:
    """A device that holds passkeys and recognises its owner at once; the way to talk to it, and its number."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    added = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True, **options}},
    )
    return devtools, added["authenticatorId"]


def add_passkey(visitor: Visitor, *, alone: bool = True) -> None:
    visitor.open(YOU)
    visitor.page.get_by_role("link", name="Add a passkey").click()
    visitor.page.get_by_label("Name", exact=True).fill("Marie's laptop")
    visitor.page.get_by_label("Sign in with it alone").set_checked(alone)
    visitor.page.get_by_role("button", name="Add it now").click()
    visitor.page.wait_for_url("**/recovery-codes/")


def sign_out(visitor: Visitor) -> None:
    visitor.open(YOU)
    visitor.page.get_by_role("button", name="Sign out here").click()
    visitor.page.wait_for_url("**/accounts/login/**")


def test_a_passkey_is_added_and_signs_in_without_a_password(visit: Any) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    devtools, number = chip(visitor.page)
    add_passkey(visitor)
    held = devtools.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert [(key["rpId"], key["isResidentCredential"]) for key in held] == [("localhost", True)]
    visitor.open(YOU)
    assert "Signs in alone" in visitor.page.locator("#passkeys").inner_text()
    sign_out(visitor)
    visitor.open("/accounts/login/?next=/projects/")
    visitor.page.get_by_role("button", name="Sign in with a passkey").click()
    visitor.page.wait_for_url(f"{visitor.base}/projects/")
    visitor.open(YOU)
    assert f"You sign in as {SALES}" in visitor.page.locator("main").inner_text()


def test_after_the_password_a_passkey_is_the_second_step(visit: Any) -> None:
    visitor = visit(390, 844)
    visitor.sign_in("sales")
    chip(visitor.page)
    add_passkey(visitor, alone=False)
    sign_out(visitor)
    visitor.page.get_by_label("Email").fill(SALES)
    visitor.page.locator("input[type=password]").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    visitor.page.wait_for_url("**/2fa/authenticate/")
    assert visitor.fits()
    visitor.page.get_by_role("button", name="Use a passkey").click()
    visitor.page.wait_for_url(f"{visitor.base}/")


def test_who_is_not_recognised_is_told_and_stays_outside(visit: Any) -> None:
    visitor = visit()
    visitor.open("/accounts/login/")
    devtools, number = chip(visitor.page)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    visitor.page.get_by_role("button", name="Sign in with a passkey").click()
    visitor.page.get_by_text("No passkey was used").wait_for()
    assert visitor.page.url.endswith("/accounts/login/")


def test_the_second_time_on_one_device_is_explained(visit: Any) -> None:
    visitor = visit()
    visitor.sign_in("sales")
    chip(visitor.page)
    add_passkey(visitor)
    visitor.open("/accounts/2fa/webauthn/add/")
    visitor.page.get_by_role("button", name="Add it now").click()
    expect(visitor.page.get_by_text("already holds a passkey of yours")).to_be_visible()
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1


def test_an_administrator_who_is_held_comes_in_with_a_passkey(visit: Any) -> None:
    Organisation.objects.update(administrators_need_second_factor=True)
    visitor = visit()
    visitor.open("/accounts/login/")
    visitor.page.get_by_label("Email").fill("administrator@sunny.example")
    visitor.page.locator("input[type=password]").fill(PASSWORD)
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.wait_for_url("**/accounts/second-factor/")
    chip(visitor.page)
    visitor.page.get_by_role("link", name="Use a passkey").click()
    visitor.page.get_by_role("button", name="Add it now").click()
    visitor.page.wait_for_url("**/recovery-codes/")
    visitor.page.get_by_role("link", name="Go on to the portal").click()
    visitor.page.get_by_role("navigation", name="Main").first.wait_for()
    visitor.open("/team/")
    assert visitor.page.url == f"{visitor.base}/team/"
    expect(visitor.page.locator("h1")).to_have_text(re.compile("^Team"))


def test_the_code_to_scan_is_drawn_and_the_app_is_set_up_by_keyboard(visit: Any) -> None:
    visitor = visit(390, 844)
    visitor.sign_in("sales")
    visitor.open("/accounts/2fa/totp/activate/")
    assert visitor.page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 50")
    assert visitor.fits()
    secret = visitor.page.get_by_label("Or type this key into the app").input_value()
    visitor.page.get_by_label("Or type this key into the app").focus()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.type(app_code(secret, lasting_moment(10)))
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/recovery-codes/")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_are_accessible(visit: Any, theme: str, width: int) -> None:
    visitor = visit(width, color_scheme=theme)
    found = {}
    visitor.open("/accounts/login/")
    found["login"] = axe_finds(visitor.page)
    visitor.sign_in("sales")
    chip(visitor.page)
    add_passkey(visitor)
    pages = (YOU, "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/recovery-codes/")
    for path in (*pages, "/accounts/2fa/recovery-codes/generate/", "/accounts/password/change/"):
        visitor.open(path)
        found[path] = axe_finds(visitor.page)
        assert visitor.fits(), path
    assert {path: said for path, said in found.items() if said} == {}
