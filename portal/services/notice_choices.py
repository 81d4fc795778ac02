"""Which topics concern whom, how each is told by default, and what a person chose instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from portal.models import Kind, Membership, NotificationChoice, Topic


@dataclass(frozen=True, slots=True)
class Ways:
    """How something is told."""

    in_portal: bool
    by_mail: bool


# By e-mail only what waits for this person alone: nothing goes on, or a roof has nobody, until they act.
DEFAULTS: Mapping[Topic, Ways] = {
    Topic.CONNECTION: Ways(in_portal=True, by_mail=True),
    Topic.REMOVALS: Ways(in_portal=True, by_mail=True),
    Topic.PROBLEM: Ways(in_portal=True, by_mail=False),
    Topic.TEAM: Ways(in_portal=True, by_mail=False),
    Topic.ASSIGNED: Ways(in_portal=True, by_mail=True),
    Topic.STAGE: Ways(in_portal=True, by_mail=False),
    Topic.SOLD: Ways(in_portal=True, by_mail=False),
    Topic.DELIVERY: Ways(in_portal=True, by_mail=True),
}
URGENT = (Topic.CONNECTION, Topic.REMOVALS)
_NAMED = (Topic.ASSIGNED,)
_SELLS = (Topic.ASSIGNED, Topic.STAGE, Topic.SOLD, Topic.DELIVERY)
CONCERNS: Mapping[Kind, Sequence[Topic]] = {
    Kind.ADMINISTRATOR: (*URGENT, Topic.PROBLEM, Topic.TEAM, *_SELLS),
    Kind.SALES: _SELLS,
    Kind.INSPECTOR: _NAMED,
    Kind.INSTALLER: _NAMED,
    Kind.UNASSIGNED: _NAMED,
}


def topics_for(kind: Kind) -> Sequence[Topic]:
    """What this kind of person can be told."""
    return CONCERNS[kind]


def ways_of(people: Sequence[Membership], topic: Topic) -> dict[int, Ways]:
    """By membership: how each of these people hears of a topic; one query."""
    chosen = NotificationChoice.objects.filter(membership__in=[person.pk for person in people], topic=topic)
    own = {choice.membership_id: Ways(choice.in_portal, choice.by_mail) for choice in chosen}
    return {person.pk: own.get(person.pk, DEFAULTS[topic]) for person in people}


def choices_of(membership: Membership) -> dict[Topic, Ways]:
    """How this person hears of each topic that concerns them, in the topics' order."""
    chosen = NotificationChoice.objects.filter(membership=membership)
    own = {choice.topic: Ways(choice.in_portal, choice.by_mail) for choice in chosen}
    return {topic: own.get(topic, DEFAULTS[topic]) for topic in topics_for(membership.kind)}


def choose(membership: Membership, ways: Mapping[Topic, Ways]) -> None:
    """Stores what a person chose; topics that do not concern them stay as they are. May run twice."""
    with transaction.atomic():
        for topic in topics_for(membership.kind):
            if topic not in ways:
                continue
            NotificationChoice.objects.update_or_create(
                membership=membership,
                topic=topic,
                defaults={
                    "organisation_id": membership.organisation_id,
                    "in_portal": ways[topic].in_portal,
                    "by_mail": ways[topic].by_mail,
                },
            )
