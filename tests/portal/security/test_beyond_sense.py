"""Figures and dates that no roof has: shown as unknown or as they are, never a page that fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import Company, signed_in
from tests.factories import make_project, make_system

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)


def codes(company: Company, pk: int) -> set[int]:
    """How home, list, project and file answer, the file read to its end."""
    browser = signed_in(company.people["administrator"])
    answers: list[Any] = [browser.get(a) for a in ("/", "/projects/", f"/projects/{pk}/", "/projects/export.csv")]
    assert b"".join(answers[-1].streaming_content).count(b"\n") == 2
    return {answer.status_code for answer in answers}


@pytest.mark.parametrize(
    "columns",
    [
        {"modified_date": FIRST, "timezone_offset": -5.0},
        {"created_date": LAST, "timezone_offset": 11.0},
        {"usage_annual_or_guess": 1e40},
    ],
)
def test_project(sunny: Company, columns: dict[str, Any]) -> None:
    assert codes(sunny, make_project(sunny.connection, **columns).pk) == {200}


@pytest.mark.parametrize(
    "columns",
    [
        {"output_annual_kwh": 1e300},
        {"co2_tons_lifetime": -1e40},
        {"consumption_offset_percentage": 1e30},
        {"adders": [{"label": "Tilt", "total_value": "1e999999999"}]},
        {"modules": [{"code": {}, "quantity": 1e300}, None, 5]},
    ],
)
def test_system(sunny: Company, columns: dict[str, Any]) -> None:
    project = make_project(sunny.connection)
    make_system(project, **columns)
    assert codes(sunny, project.pk) == {200}
