"""A click on a file asks OpenSolar for a link that works; whoever may not see the project learns nothing."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from django.test import Client
from django_scopes import scopes_disabled

from portal.models import Connection, ConnectionState, Kind, Payload
from projects.models import PrivateFile
from projects.services.story import files
from tests.projects.papers.conftest import NUMBER, PROPOSAL, SKETCH, House
from tests.world import API

FILE = "/api/orgs/1/private_files/81/"
PROJECT = f"/api/orgs/1/projects/{NUMBER}/"


def address(number: int = 81) -> str:
    with scopes_disabled():
        return f"/projects/files/{PrivateFile.objects.get(opensolar_id=number).pk}/"


def said(client: Client, number: int = 81) -> str:
    """What the page says on which a click ends that leads to no file."""
    answer = client.get(address(number), follow=True)
    assert answer.redirect_chain[0][0].startswith("/projects/")
    assert answer.status_code == 200
    return str(next(iter(answer.context["messages"])))


def test_each_click_asks_for_a_link_of_its_own(house: House, seller: Client) -> None:
    first = seller.get(address())
    assert first.status_code == 302
    assert house.asked() == [FILE]
    assert requests.get(first["Location"], timeout=5).headers["Content-Type"] == "image/jpeg"
    assert first["Referrer-Policy"] == "no-referrer"
    assert "no-store" in first["Cache-Control"]
    assert "private" in first["Cache-Control"]
    house.vendor.settings(file_link_ttl=0)
    assert requests.get(first["Location"], timeout=5).status_code == 403
    house.vendor.settings(file_link_ttl=3600)
    again = seller.get(address())
    assert requests.get(again["Location"], timeout=5).status_code == 200
    assert house.asked().count(FILE) == 2


def test_the_link_is_kept_nowhere(house: House, seller: Client) -> None:
    link = seller.get(address())["Location"]
    page = seller.get(f"/projects/{house.project().pk}/").content.decode()
    assert f'href="{address()}"' in page
    assert "Signature=" not in page
    with scopes_disabled():
        assert not Payload.objects.filter(body__contains="Signature=").exists()
    assert "Signature=" in link


def test_where_files_have_no_address_the_project_gives_the_link(house: House, seller: Client) -> None:
    """Document 000 knows files inside their project only; what is not offered is asked for once."""
    house.vendor.settings(single_files=False)
    answer = seller.get(address())
    assert requests.get(answer["Location"], timeout=5).status_code == 200
    assert house.asked()[:2] == [FILE, PROJECT]
    with scopes_disabled():
        assert "private_files" in Connection.objects.get().switched_off
    house.vendor.log(clear=True)
    assert seller.get(address())["Location"]
    assert house.asked() == [PROJECT]


@pytest.mark.parametrize("status", [400, 404, 405, 422])
def test_a_refused_address_is_no_end_and_not_asked_for_again(house: House, seller: Client, status: int) -> None:
    house.vendor.fault("status", path=f"{API}/private_files/81/", status=status)
    assert "/media/private/81/" in seller.get(address())["Location"]
    house.vendor.log(clear=True)
    assert "/media/private/81/" in seller.get(address())["Location"]
    assert house.asked() == [PROJECT]


def test_a_file_that_is_gone_is_said_to_be_gone(house: House, seller: Client) -> None:
    before = address()
    house.vendor.change("projects", NUMBER, private_files_data=[PROPOSAL])
    assert "OpenSolar no longer has this file." in said(seller)
    with scopes_disabled():
        assert PrivateFile.objects.get(opensolar_id=81).removed_at is not None
    assert before not in seller.get(f"/projects/{house.project().pk}/").content.decode()
    house.vendor.log(clear=True)
    assert "OpenSolar no longer has this file." in said(seller)
    assert FILE not in house.asked()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "status", "status": 500}, "does not answer now"),
        ({"kind": "html"}, "does not answer now"),
        ({"kind": "reset"}, "does not answer now"),
        ({"kind": "status", "status": 403}, "does not show this file"),
        ({"kind": "status", "status": 402}, "an administrator has to look"),
        ({"kind": "status", "status": 429, "retry_after": 60}, "Too many files"),
        ({"kind": "body", "body": {"id": 81}}, "gave no link"),
        ({"kind": "body", "body": {"id": 81, "file_contents": "javascript:alert(1)"}}, "gave no link"),
        ({"kind": "body", "body": {"id": 81, "file_contents": "http://["}}, "gave no link"),
        ({"kind": "body", "body": {"id": 81, "file_contents": 7}}, "gave no link"),
    ],
)
def test_what_goes_wrong_is_a_sentence_on_the_projects_page(
    house: House, seller: Client, fault: dict[str, Any], words: str
) -> None:
    house.vendor.fault(path=f"{API}/private_files/81/", times=None, **fault)
    sentence = said(seller)
    assert words in sentence
    assert sentence.startswith("sketch.jpg: ")
    with scopes_disabled():
        assert PrivateFile.objects.get(opensolar_id=81).removed_at is None


def test_nobody_waits_longer_than_the_deadline(house: House, seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.3)
    house.vendor.fault("delay", path=".*", delay=30, times=None)
    began = time.monotonic()
    assert "does not answer now" in said(seller)
    assert time.monotonic() - began < 15


def test_a_vendor_that_is_down_is_a_sentence(house: House, seller: Client) -> None:
    with scopes_disabled():
        Connection.objects.update(base_url="http://127.0.0.1:9/opensolar")
    assert "does not answer now" in said(seller)


def test_a_paused_account_is_not_asked(house: House, seller: Client) -> None:
    with scopes_disabled():
        Connection.objects.update(state=ConnectionState.PAUSED)
    assert "cannot be asked" in said(seller)
    assert FILE not in house.asked()


def test_a_link_without_a_host_is_the_vendors(house: House, seller: Client) -> None:
    house.vendor.fault(
        "body", path=f"{API}/private_files/81/", body={"file_contents": "/media/private/x.pdf?Expires=1"}
    )
    host = house.vendor.base_url.removesuffix("/opensolar")
    assert seller.get(address())["Location"] == f"{host}/media/private/x.pdf?Expires=1"


def test_a_stranger_to_the_project_is_told_nothing(house: House) -> None:
    for kind in (Kind.INSPECTOR, Kind.INSTALLER, Kind.UNASSIGNED):
        assert house.person(kind).get(address()).status_code == 404
    assert house.asked() == []


def test_prices_are_opened_by_those_who_may_see_them(house: House, seller: Client) -> None:
    blind = house.person(Kind.SALES, prices=False)
    page = blind.get(f"/projects/{house.project().pk}/").content.decode()
    assert "Proposal.pdf" in page
    assert address(82) not in page
    assert blind.get(address(82)).status_code == 404
    assert blind.get(address(81)).status_code == 302
    assert seller.get(address(82)).status_code == 302


def test_only_reading_opens_a_file(house: House, seller: Client) -> None:
    assert seller.post(address()).status_code == 405
    assert house.asked() == []


def test_files_that_are_for_the_moment_are_not_shown(house: House, seller: Client) -> None:
    house.vendor.change("projects", NUMBER, private_files_data=[{**SKETCH, "temporary": True}])
    house.sync()
    assert "sketch.jpg" not in seller.get(f"/projects/{house.project().pk}/").content.decode()
    assert seller.get(address()).status_code == 404
