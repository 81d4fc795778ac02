"""Where a person is signed in, and signing out there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from portal.browsers import is_hand_held, name_of_browser
from portal.models import User


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser in which a person is signed in."""

    pk: int
    browser: str
    hand_held: bool
    ip: str
    since: datetime
    is_current: bool


def sign_ins_of(user: User, current_key: str) -> list[SignIn]:
    """Sessions that still open something, this one first, then the newest; in two queries, however many they are.

    Ended, expired and those from before a new password are left out.
    """
    noted = list(UserSession.objects.filter(user=user).order_by("-created_at", "-pk"))
    keys = [session.session_key for session in noted]
    live = {row.session_key for row in Session.objects.filter(session_key__in=keys) if _opens(row, user)}
    found = [
        SignIn(
            pk=session.pk,
            browser=name_of_browser(session.user_agent),
            hand_held=is_hand_held(session.user_agent),
            ip=session.ip,
            since=session.created_at,
            is_current=session.session_key == current_key,
        )
        for session in noted
        if session.session_key in live
    ]
    return sorted(found, key=lambda sign_in: not sign_in.is_current)


def _opens(row: Session, user: User) -> bool:
    digest = str(row.get_decoded().get(HASH_SESSION_KEY, ""))
    return row.expire_date > timezone.now() and constant_time_compare(digest, user.get_session_auth_hash())


def sign_out_elsewhere(user: User, current_key: str, only: int | None = None) -> int:
    """Ends all of the person's other sessions, or the one noted under `only`; how many were noted. May run twice."""
    others = UserSession.objects.filter(user=user).exclude(session_key=current_key)
    if only is not None:
        others = others.filter(pk=only)
    keys = list(others.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=user, session_key__in=keys).delete()
    return len(keys)


def forget_ended() -> int:
    """Deletes sessions that have expired, and what was noted of any that is no more; how many rows. May run twice."""
    gone = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    return gone + UserSession.objects.filter(~Exists(live)).delete()[0]
