"""Addresses that are keys, as a line of the log tells them."""

from __future__ import annotations

import pytest

from portal.lib.log_line import without_secret_links


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Not Found: /webhooks/opensolar/Xy-3/", "Not Found: /webhooks/opensolar/[removed]/"),
        (
            "Server Error: /accounts/password/reset/key/1-ab-cd/",
            "Server Error: /accounts/password/reset/key/[removed]/",
        ),
        ("/accounts/login/?next=%2Finvitations%2Fabc%2F", "/accounts/login/?next=%2Finvitations%2F[removed]%2F"),
        ("/projects/12/", "/projects/12/"),
    ],
)
def test_the_key_is_taken_out(said: str, kept: str) -> None:
    assert without_secret_links({"line": [said]}) == {"line": [kept]}
