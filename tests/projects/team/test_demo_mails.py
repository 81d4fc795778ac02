"""The demo's mails are read on a page; outside of a demo it is not there, and nothing in the folder breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from projects.tasks import send_invitations
from tests.conftest import Company
from tests.projects.pages.reading import link_named, text_of
from tests.projects.team.post import BASE, caroline


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Mails are written there, as in the demo."""
    settings.DEMO_MAILS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mails")
    return tmp_path / "mails"


def test_an_invitation_is_read_and_its_link_clicked(sunny: Company, ada: Client, folder: Path) -> None:
    ada.post(f"/team/roles/{caroline(sunny).pk}/invite/")
    send_invitations()
    visitor = Client()
    page = visitor.get("/demo/mails/")
    assert "caroline@herschel.example" in text_of(page)
    letter = visitor.get(link_named(page, "Your invitation to Sunny Solar"))
    assert "Administrator invites you" in text_of(letter)
    link = link_named(letter, f"{BASE}/invitations/").removeprefix(BASE)
    assert visitor.get(link).status_code == 200


def test_outside_of_a_demo_it_is_not_there(sunny: Company, ada: Client, folder: Path, settings: Any) -> None:
    EmailMessage("Hello", "Hello", to=["caroline@herschel.example"]).send()
    name = link_named(Client().get("/demo/mails/"), "Hello")
    settings.DEMO_MAILS = False
    for client in (ada, Client()):
        for path in ("/demo/mails/", name):
            assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_without_any_it_says_what_will_stand_there(folder: Path) -> None:
    assert "Mails will stand here" in text_of(Client().get("/demo/mails/"))
    assert Client().get("/demo/mails/nothing/").status_code == 404


@pytest.mark.django_db
def test_what_a_mail_holds_is_only_text(folder: Path) -> None:
    text = '<script>alert(1)</script> javascript:alert(1) https://example.com/?a=1&b="2"'
    EmailMessage("<b>Subject</b>", text, to=["vera@rubin.example"]).send()
    page = Client().get("/demo/mails/")
    letter = Client().get(link_named(page, "Subject") if "<b>" in page.content.decode() else _first(page))
    body = letter.content.decode()
    assert "<script>alert" not in body
    assert 'href="javascript' not in body
    assert 'href="https://example.com/' in body


def _first(page: Any) -> str:
    return f"/demo/mails/{page.context['mails'][0].name}/"


@pytest.mark.django_db
def test_bad_files_are_left_out(folder: Path, tmp_path: Path) -> None:
    EmailMessage("Good", "Hello", to=["vera@rubin.example"]).send()
    (folder / "20260101-000000-1.log").write_bytes(b"\x00\xff\xfe" * 5000)
    (folder / "20260101-000000-2.log").write_bytes(b"")
    bad = b"To: x\nContent-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: base64\n\n!!!"
    (folder / "20260101-000000-3.log").write_bytes(bad)
    (folder / "20260101-000000-4.log").write_bytes(b"To: =?utf-8?b?//?=\nDate: yesterday\nSubject: \xff\n\n\xff")
    (folder / "20260101-000000-5.log").mkdir()
    (tmp_path / "secret.log").write_bytes(b"To: x\nSubject: secret\n\nsecret")
    page = Client().get("/demo/mails/")
    assert page.status_code == 200
    assert "Good" in text_of(page)
    for mail in page.context["mails"]:
        assert Client().get(f"/demo/mails/{mail.name}/").status_code == 200
    for name in ("..%2Fsecret-0", "secret-0", "20260101-000000-2-0", "20260101-000000-5-0", "-", "%00"):
        assert Client().get(f"/demo/mails/{name}/").status_code == 404


@pytest.mark.django_db
def test_several_mails_in_one_file_are_several(folder: Path) -> None:
    from django.core.mail import get_connection

    letters = [EmailMessage(f"Number {n}", "Hello", to=["vera@rubin.example"]) for n in range(3)]
    get_connection().send_messages(letters)
    subjects = {mail.subject for mail in Client().get("/demo/mails/").context["mails"]}
    assert subjects == {"Number 0", "Number 1", "Number 2"}
