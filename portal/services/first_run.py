"""An empty portal and its first administrator: the link that makes one, and what is left to do after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import connection as database
from django.db import transaction
from django.utils.text import slugify
from django_scopes import scope

from portal.access import Access
from portal.models import Connection, Kind, Membership, Organisation, User
from portal.registry import FirstStep, registry
from portal.services.audit import note

SALT = "portal.first-administrator"
VALID_SECONDS = 7 * 24 * 3600
# Of PostgreSQL's advisory locks; any number that nobody else takes.
TURN = 1_163_022_165


class NotNeeded(Exception):
    """Somebody can sign in already, or the link is not (or no longer) good."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page shows it: done, current or todo."""

    offer: FirstStep
    state: str


def secret() -> str:
    """What the first administrator's link holds; raises NotNeeded once there is anybody."""
    _refuse_if_inhabited()
    return signing.dumps("first", salt=SALT)


def check(token: str) -> None:
    """Raises NotNeeded unless this is the link of a portal that is still empty."""
    try:
        signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature as error:
        raise NotNeeded from error
    _refuse_if_inhabited()


def begin(token: str, *, company: str, email: str, password: str, first_name: str, last_name: str) -> User:
    """Makes the first organisation and its administrator; raises NotNeeded, also when somebody was quicker."""
    with transaction.atomic():
        _take_turn()
        check(token)
        organisation = _home(company)
        user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
        with scope(organisation=organisation):
            mine = Membership.objects.create(organisation=organisation, user=user, given_kind=Kind.ADMINISTRATOR)
            note(Access(mine, organisation, user), "organisation.created", company)
    return user


def company() -> str:
    """What the company is called so far: `manage.py connect` may have made it before anybody could sign in."""
    found = _made_already()
    return found.name if found else ""


def is_needed(access: Access) -> bool:
    """Whether home is nothing but the way through the first run: nobody left it, and no account is connected."""
    return access.is_administrator and access.organisation.welcomed_at is None and not Connection.objects.all().exists()


def is_under_way(access: Access) -> bool:
    """Whether home reminds an administrator of it while something is left to do: nobody has left it yet."""
    return access.is_administrator and access.organisation.welcomed_at is None


def steps(access: Access, wanted: str = "") -> Sequence[Step]:
    """All steps in order; current is the one wanted, else the first that is not done, else the last."""
    offers = sorted(registry.first_steps, key=lambda offer: offer.order)
    done = {offer.key: offer.is_done(access) for offer in offers}
    first_open = next((offer.key for offer in offers if not done[offer.key]), offers[-1].key)
    current = wanted if wanted in done else first_open
    return [Step(o, "current" if o.key == current else "done" if done[o.key] else "todo") for o in offers]


def is_connected(access: Access) -> bool:
    """Whether the organisation has an account at a vendor."""
    return Connection.objects.all().exists()


def is_synced(access: Access) -> bool:
    """Whether a first sync has come to its end."""
    return Connection.objects.exclude(last_success_at=None).exists()


def progress(access: Access) -> dict[str, Any]:
    """How much is done, for the home page."""
    states = [offer.is_done(access) for offer in registry.first_steps]
    return {"done": sum(states), "total": len(states)}


def _take_turn() -> None:
    """Of two people who follow the link at once the second waits, and then finds somebody here. SQLite's transactions
    take turns by themselves."""
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _made_already() -> Organisation | None:
    found = list(Organisation.objects.all()[:2])
    return found[0] if len(found) == 1 else None


def _home(name: str) -> Organisation:
    """The one organisation that is here already, by the name given now; else a new one."""
    organisation = _made_already()
    if organisation is None:
        short = slugify(name)[:45] or "portal"
        taken = set(Organisation.objects.filter(slug__startswith=short).values_list("slug", flat=True))
        free = (f"{short}-{number}" for number in range(2, len(taken) + 3))
        return Organisation.objects.create(name=name, slug=next(s for s in (short, *free) if s not in taken))
    organisation.name = name
    organisation.save(update_fields=["name"])
    return organisation


def _refuse_if_inhabited() -> None:
    if User.objects.exists():
        raise NotNeeded
