"""The list as a file: the same rows in the same order, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from django.test import Client

from tests.conftest import Company, signed_in
from tests.factories import NOON, make_contact, make_project, make_system
from tests.projects.pages.reading import names_on


def _rows(client: Client, query: str = "") -> list[dict[str, str]]:
    body = client.get(f"/projects/export.csv{query}").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_the_file_holds_what_the_list_shows(sunny: Company, grace: Client) -> None:
    curie = make_contact(sunny.connection, display="Marie Skłodowska Curie")
    won = make_project(
        sunny.connection,
        (curie,),
        title="Radium",
        address="4 Main St",
        stage=2,
        sold_date=date(2026, 10, 31),
        assigned_role_ref=12,
    )
    make_system(won)
    make_project(sunny.connection, title="Later", stage=2, modified_date=NOON - timedelta(days=1))
    make_project(sunny.connection, title="Lead", stage=0)
    rows = _rows(grace, "?stage=2")
    assert [row["Customer"] for row in rows] == names_on(grace.get("/projects/?stage=2"))
    assert rows[0] == {
        "Customer": "Marie Skłodowska Curie",
        "Title": "Radium",
        "Address": "4 Main St",
        "Stage": "Sold",
        "Days in stage": "",
        "Sold on": "2026-10-31",
        "Size (kW)": "8.400",
        "Panels": "18 × LG345",
        "Price incl. tax": "24900.00",
        "Yearly output (kWh)": "11230.0",
        "Owner": "Sales Sunny",
        "Created": "2026-11-20 23:00:00+11:00",
        "Last activity": "2026-11-20 23:00:00+11:00",
    }


def test_formulas_are_only_text(sunny: Company, grace: Client) -> None:
    starts = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")
    for number, start in enumerate(starts):
        contact = make_contact(sunny.connection, display=start)
        make_project(sunny.connection, (contact,), title=start, address=start, opensolar_id=number + 1)
    for row in _rows(grace):
        for column in ("Customer", "Title", "Address"):
            assert not row[column].startswith(("=", "+", "-", "@", "\t", "\r")), row
    titles = {row["Title"] for row in _rows(grace)}
    assert "'=1+1" in titles


def test_a_page_in_the_address_does_not_shorten_the_file(sunny: Company, grace: Client) -> None:
    for number in range(60):
        make_project(sunny.connection, title=f"Roof {number}")
    page = grace.get("/projects/").content.decode()
    token = page.split('rel="next" href="?page=')[1].split('"')[0]
    assert len(_rows(grace, f"?page={token}")) == 60


def test_a_long_list_is_streamed_whole(sunny: Company, grace: Client) -> None:
    for number in range(1010):
        make_project(sunny.connection, title=f"Roof {number}", modified_date=NOON - timedelta(seconds=number))
    response = grace.get("/projects/export.csv")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="projects-sunny-2026-11-20.csv"'
    assert [row["Customer"] for row in _rows(grace)] == [f"Roof {number}" for number in range(1010)]


def test_a_neighbours_rows_are_not_in_it(sunny: Company, kestrel: Company, grace: Client) -> None:
    make_project(sunny.connection, title="Ours")
    make_project(kestrel.connection, title="Theirs")
    assert [row["Customer"] for row in _rows(grace)] == ["Ours"]
    assert [row["Customer"] for row in _rows(signed_in(kestrel.people["administrator"]))] == ["Theirs"]
