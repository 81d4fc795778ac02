"""Lists of the admin cannot be narrowed by what they do not show: a hash would be guessed letter by letter."""

from __future__ import annotations

import pytest

from tests.conftest import Company, signed_in


@pytest.mark.parametrize(
    "guess",
    [
        "user/?password__startswith=md5",
        "user/?is_superuser=0",
        "user/?memberships=1",
        "apitoken/?token_key__startswith=a",
        "apitoken/?digest__startswith=a",
        "connection/?credentials__contains=a",
        "syncrun/?connection__credentials__contains=a",
    ],
)
def test_hidden_columns_narrow_nothing(sunny: Company, guess: str) -> None:
    sunny.token("sales")
    assert signed_in(sunny.people["administrator"]).get(f"/admin/portal/{guess}").status_code == 400


def test_offered_filters_narrow(sunny: Company) -> None:
    browser = signed_in(sunny.people["administrator"])
    one = f"connection__id__exact={sunny.connection.pk}"
    for address in ("portal/membership/?given_kind__exact=sales", f"projects/role/?{one}&removed_at__isnull=True"):
        assert browser.get(f"/admin/{address}").status_code == 200
