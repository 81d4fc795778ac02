"""`org`: where the token belongs, and what its person may see there."""

import pytest

from portal.models import Connection, ConnectionState
from tests.conftest import Company, api
from tests.factories import NOON


def test_the_token_tells_its_organisation_and_connections(sunny: Company, kestrel: Company) -> None:
    Connection.objects.with_scopes_disabled().filter(pk=sunny.connection.pk).update(
        state=ConnectionState.WELL, last_success_at=NOON, message="All well."
    )
    assert api(sunny.token("administrator")).get("/api/v1/org/").json() == {
        "id": sunny.organisation.pk,
        "slug": "sunny",
        "name": "Sunny Solar",
        "kind": "administrator",
        "sees_prices": True,
        "sees_costs": True,
        "connections": [
            {
                "id": sunny.connection.pk,
                "vendor": "opensolar",
                "account_id": "1",
                "state": "well",
                "message": "All well.",
                "last_success_at": "2026-11-20T12:00:00Z",
            }
        ],
    }


@pytest.mark.parametrize(
    ("who", "sees"), [("sales", True), ("inspector", False), ("installer", False), ("unassigned", False)]
)
def test_rights_are_told_by_kind(sunny: Company, who: str, sees: bool) -> None:
    told = api(sunny.token(who)).get("/api/v1/org/").json()
    assert (told["kind"], told["sees_prices"], told["sees_costs"]) == (who, sees, sees)


def test_credentials_stay_inside(sunny: Company) -> None:
    text = api(sunny.token("administrator")).get("/api/v1/org/").text
    assert "token-of-sunny" not in text
    assert "credentials" not in text
