"""An account that one organisation has connected is not connected to another by writing its address differently."""

from __future__ import annotations

import pytest

from portal.models import Connection
from tests.conftest import Company
from tests.world import LOGIN, command


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("http://sun.invalid", "http://SUN.invalid:80/"),
        ("https://sun.invalid/v1", "https://sun.invalid:443/v1"),
        ("https://sun.invalid", "https://sun.invalid:"),
    ],
)
def test_usual_port_makes_no_other_account(sunny: Company, stored: str, typed: str) -> None:
    Connection.objects.with_scopes_disabled().filter(pk=sunny.connection.pk).update(base_url=stored)
    words = ("--organisation", "mallory", "--account", "1", "--base-url", typed)
    outcome = command("connect", "opensolar", *words, **LOGIN)
    assert (outcome.code, outcome.err) == (1, "Account 1 is already connected to another organisation.")
