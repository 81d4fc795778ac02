"""People are told once an occasion, in the way they chose."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from portal.models import MailState, Membership, NotificationChoice, Topic
from portal.services.notices import tell
from tests.conftest import Company, signed_in
from tests.portal.notices.conftest import Told, notices


def choose(company: Company, who: str, topic: str, *, in_portal: bool, by_mail: bool) -> None:
    with scopes_disabled():
        NotificationChoice.objects.create(
            organisation=company.organisation,
            membership=company.membership(who),
            topic=topic,
            in_portal=in_portal,
            by_mail=by_mail,
        )


def test_an_occasion_is_told_once_to_each(told: Told) -> None:
    told("administrator")
    told("administrator", "sales", title="Said again")
    told("administrator", key="another")
    assert [(n.membership.kind, n.key, n.title) for n in with_people()] == [
        ("administrator", "k", "Needs you"),
        ("sales", "k", "Said again"),
        ("administrator", "another", "Needs you"),
    ]


def with_people() -> list[object]:
    with scopes_disabled():
        found = notices()
        for notice in found:
            _ = notice.membership.kind
        return list(found)


def test_what_is_urgent_goes_by_mail_unless_somebody_chose_otherwise(sunny: Company, told: Told) -> None:
    choose(sunny, "sales", Topic.CONNECTION, in_portal=True, by_mail=False)
    told("administrator", "sales")
    told("administrator", key="other", topic=Topic.SOLD)
    assert [(n.key, n.mail_state) for n in notices()] == [
        ("k", MailState.WAITING),
        ("k", MailState.NONE),
        ("other", MailState.NONE),
    ]


def test_who_wants_to_hear_of_it_in_no_way_is_told_nothing(sunny: Company, told: Told) -> None:
    choose(sunny, "administrator", Topic.CONNECTION, in_portal=False, by_mail=False)
    choose(sunny, "sales", Topic.CONNECTION, in_portal=False, by_mail=True)
    told("administrator", "sales")
    (notice,) = notices()
    assert (notice.membership_id, notice.in_portal) == (sunny.membership("sales").pk, False)
    assert "none unread" in signed_in(sunny.people["sales"]).get("/notifications/").content.decode()


def test_people_who_left_and_people_from_elsewhere_are_not_told(sunny: Company, kestrel: Company) -> None:
    with scopes_disabled():
        Membership.objects.filter(pk=sunny.membership("sales").pk).update(ended_at=timezone.now())
    strangers = [sunny.membership("sales"), kestrel.membership("administrator")]
    tell(sunny.organisation, Topic.TEAM, "k", "Somebody joined", to=strangers)
    tell(sunny.organisation, Topic.TEAM, "k", "Somebody joined", to=[])
    assert notices() == []


def test_what_was_not_done_is_not_told(sunny: Company, told: Told) -> None:
    def act() -> None:
        with transaction.atomic():
            told("administrator")
            raise RuntimeError("the act went wrong")

    with pytest.raises(RuntimeError):
        act()
    assert notices() == []


def test_words_of_any_length_fit(told: Told) -> None:
    told("administrator", key="k" * 500, title="Zoé " * 200, text="x" * 5000)
    (notice,) = notices()
    assert (len(notice.key), len(notice.title), len(notice.text)) == (200, 300, 5000)
