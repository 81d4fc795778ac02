"""Nobody gives themselves the e-mail address of somebody else: commands take an address for the person."""

from __future__ import annotations

from tests.conftest import Company, signed_in


def test_address_cannot_be_changed_unproven(sunny: Company) -> None:
    person = sunny.people["installer"]
    browser = signed_in(person)
    assert browser.get("/accounts/email/").status_code == 404
    for act in ("action_add", "action_primary"):
        answer = browser.post("/accounts/email/", {act: "", "email": "boss@kestrel.example"})
        assert answer.status_code == 404
    person.refresh_from_db()
    assert person.email == "installer@sunny.example"


def test_no_page_speaks_of_confirming_an_address(sunny: Company) -> None:
    browser = signed_in(sunny.people["installer"])
    for path in ("/accounts/confirm-email/", "/accounts/confirm-email/MQ:1abcde:nothing/"):
        assert browser.get(path).status_code == 404
        assert browser.post(path).status_code == 404
