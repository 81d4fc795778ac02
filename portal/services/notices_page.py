"""A person's own notifications as pages: narrowed to a topic, newest first, each with what became of its e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from portal.models import MailState, Membership, Notification, Topic
from portal.services.notice_choices import topics_for

PAGE = 30
ICONS = {
    Topic.CONNECTION: "plug",
    Topic.PROBLEM: "alert",
    Topic.REMOVALS: "trash",
    Topic.TEAM: "team",
    Topic.ASSIGNED: "user",
    Topic.STAGE: "board",
    Topic.SOLD: "money",
}
TONES = {Topic.CONNECTION: "act", Topic.PROBLEM: "watch", Topic.REMOVALS: "wait", Topic.SOLD: "well"}


@dataclass(frozen=True, slots=True)
class Line:
    """A notification as it stands in the list."""

    notice: Notification

    @property
    def icon(self) -> str:
        """Its topic's."""
        return ICONS[Topic(self.notice.topic)]

    @property
    def tone(self) -> str:
        """What it means."""
        return TONES.get(Topic(self.notice.topic), "info")

    @property
    def is_unread(self) -> bool:
        """Whether the bell counts it."""
        return self.notice.in_portal and self.notice.read_at is None

    @property
    def mail(self) -> str:
        """The state of its e-mail, empty where none was wanted and none withdrawn."""
        if self.notice.mail_state == MailState.NONE:
            return "withdrawn" if self.notice.mail_error else ""
        return self.notice.mail_state


def notices_of(membership: Membership, topic: str = "") -> QuerySet[Notification]:
    """This person's notifications and nobody else's, newest first."""
    notices = Notification.objects.filter(membership=membership).order_by("-at", "-pk")
    return notices.filter(topic=topic) if topic else notices


def page_of(membership: Membership, topic: str, number: str) -> tuple[Page[Any], list[Line]]:
    """A page of the list, the nearest one where the number makes no sense."""
    page = Paginator(notices_of(membership, topic), PAGE).get_page(number)
    return page, [Line(notice) for notice in page.object_list]


def known_topic(membership: Membership, value: str) -> str:
    """The topic asked for, or nothing where this person has none of that name."""
    return value if value in topics_for(membership.kind) else ""


def read(notice: Notification) -> None:
    """It need not be looked at any more. May run twice."""
    Notification.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def read_all(membership: Membership) -> int:
    """Every notification of this person; how many were unread."""
    return Notification.objects.filter(membership=membership, read_at=None).update(read_at=timezone.now())
