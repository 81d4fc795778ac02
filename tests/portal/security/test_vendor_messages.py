"""What a vendor said about a login is told to administrators; the others learn that one is needed."""

from __future__ import annotations

import pytest

from portal.models import Connection, ConnectionState
from tests.conftest import Company, api, signed_in

OTHERS = ["sales", "inspector", "installer", "unassigned"]


@pytest.fixture
def broken(sunny: Company) -> Company:
    """A company whose login was refused."""
    rows = Connection.objects.with_scopes_disabled().filter(pk=sunny.connection.pk)
    rows.update(state=ConnectionState.CREDENTIALS, message="The login of ops@sunny.example was refused.")
    return sunny


@pytest.mark.parametrize("who", OTHERS)
def test_others_learn_who_is_needed(broken: Company, who: str) -> None:
    page = signed_in(broken.people[who]).get("/").content.decode()
    assert "Needs an administrator" in page
    assert "was refused" not in page
    assert 'href="/connections/"' not in page
    (told,) = api(broken.token(who)).get("/api/v1/org/").json()["connections"]
    assert (told["state"], told["message"]) == ("credentials", "")


def test_administrators_read_it(broken: Company) -> None:
    page = signed_in(broken.people["administrator"]).get("/").content.decode()
    assert "was refused" in page
    (told,) = api(broken.token("administrator")).get("/api/v1/org/").json()["connections"]
    assert told["message"] == "The login of ops@sunny.example was refused."
