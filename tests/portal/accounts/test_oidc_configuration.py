"""Half or wrong configuration of the issuer is a check's sentence, and no button."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from tests.portal.accounts.doors import LOGIN

WHOLE = {
    "OIDC_ISSUER": "https://id.sunny.example/",
    "OIDC_CLIENT_ID": "portal",
    "OIDC_CLIENT_SECRET": "secret",
    "OIDC_NAME": "",
}


def sentences() -> list[str]:
    return [str(found.msg) for found in run_checks() if found.id == "portal.W004"]


def test_whole_and_none_are_fine(settings: Any, db: None) -> None:
    settings.OIDC = WHOLE
    assert sentences() == []
    assert "Sign in with id.sunny.example" in Client().get(LOGIN).content.decode()
    settings.OIDC = dict.fromkeys(WHOLE, "")
    assert sentences() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_ISSUER and OIDC_CLIENT_ID without OIDC_CLIENT_SECRET"),
        ({"OIDC_ISSUER": "", "OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_SECRET without OIDC_ISSUER and OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "id.sunny.example"}, "no web address"),
        ({"OIDC_ISSUER": "https://[id"}, "no web address"),
        ({"OIDC_ISSUER": "https://id.sunny.example/?tenant=1"}, "no web address"),
        ({"OIDC_ISSUER": "http://id.sunny.example"}, "not https"),
    ],
)
def test_half_and_wrong_are_said_and_not_offered(settings: Any, db: None, wrong: dict[str, str], said: str) -> None:
    settings.OIDC = {**WHOLE, **wrong}
    assert len(sentences()) == 1
    assert said in sentences()[0]
    assert "secret" not in sentences()[0]
    assert "Sign in with id" not in Client().get(LOGIN).content.decode()
