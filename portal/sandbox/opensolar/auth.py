"""Logins and bearer tokens: seven days for people, for ever for machine users."""

import secrets
import time
from dataclasses import dataclass, field

from portal.sandbox.opensolar.people import ORGS, USERS, Org, User
from portal.sandbox.settings import Settings
from portal.sandbox.wire import JsonObject, Refusal, Request

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token. `org_id`, when set, is the only organisation it opens."""

    user: User
    org_id: int | None = None
    issued: float = field(default_factory=time.monotonic)

    def opens(self, org: Org) -> bool:
        return org.role_of(self.user) is not None and self.org_id in (None, org.id)


class Gate:
    """Hands out tokens and recognises them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tokens: dict[str, Token] = {}
        self._machines: set[int] = set()

    def log_in(self, username: object, password: object) -> JsonObject:
        """A new token for the right password; 400 otherwise."""
        for user in USERS.values():
            if user.password is not None and (user.email, user.password) == (username, password):
                return self._issue(Token(user))
        raise Refusal(400, {"non_field_errors": ["Unable to log in with provided credentials."]})

    def renew(self, token: Token, org_id: int | None) -> JsonObject:
        """A further token of the same user, for one organisation when `org_id` is given; the old one stays valid."""
        if org_id is not None and not any(org.id == org_id and token.opens(org) for org in ORGS):
            raise Refusal(403, {"detail": "You do not have permission to perform this action."})
        return self._issue(Token(token.user, token.org_id if org_id is None else org_id))

    def identify(self, request: Request) -> Token:
        """The token a request carries; 401 without one, with an unknown one and with an expired one."""
        scheme, _, key = (request.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Refusal(401, {"detail": "Authentication credentials were not provided."}, CHALLENGE)
        token = self._tokens.get(key.strip())
        if token is None:
            raise Refusal(401, {"detail": "Invalid token."}, CHALLENGE)
        age = time.monotonic() - token.issued
        if age >= self._settings.token_ttl and not self.is_machine(token.user):
            raise Refusal(401, {"detail": "Token has expired."}, CHALLENGE)
        return token

    def is_machine(self, user: User) -> bool:
        return user.id in self._machines

    def set_machine(self, user: User, is_machine: bool) -> None:
        (self._machines.add if is_machine else self._machines.discard)(user.id)

    def expire_all(self) -> None:
        """Worthless at once, also those of machine users."""
        self._tokens.clear()

    def reset(self) -> None:
        self._tokens.clear()
        self._machines.clear()

    def _issue(self, token: Token) -> JsonObject:
        key = secrets.token_hex(20)
        self._tokens[key] = token
        user = token.user
        homes = [org.id for org in ORGS if token.opens(org)]
        return {
            "token": key,
            "org_id": homes[0],
            "user": {
                "id": user.id,
                "email": user.email,
                "first_name": user.first_name,
                "family_name": user.family_name,
                "is_machine_user": self.is_machine(user),
            },
        }
