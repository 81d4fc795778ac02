"""A connection's bearer token: used until it expires, renewed once for all workers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.lib.errors import CredentialsError, VendorError
from portal.lib.http import Transport
from portal.models import Connection, login_columns
from portal.sync.source import Source

# Longer than a login may take (its deadline is 20 s), so that nobody logs in beside the one who does.
CLAIM_SECONDS = 25
RENEW_BEFORE = timedelta(days=1)


class ConnectionTokens:
    """Serves the token in the connection's credentials; `renew` logs in at most once over all processes."""

    def __init__(
        self,
        connection: Connection,
        source: Source,
        transport: Transport,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection, self._source, self._transport, self._sleep = connection, source, transport, sleep
        self._kept = ""

    def current(self) -> str:
        """The token to send; one that ends within a day is renewed first, if that can be done.

        It is tried once: a login refused again and again would be locked, and the token still works.
        """
        token = str(self._connection.credentials.get("token", ""))
        if not token:
            return self.renew("")
        if self._ends_soon() and token != self._kept:
            try:
                return self.renew(token, early=True)
            except VendorError:
                self._kept = token
        return token

    def renew(self, stale: str, *, early: bool = False) -> str:
        """The token after `stale`: somebody else's fresh one, or a new one; raises CredentialsError.

        A vendor may give the same one again, which is as good. `early`: before it ended.
        """
        given = self._connection.credentials.get("token_given")
        give_up = time.monotonic() + 2 * CLAIM_SECONDS
        while time.monotonic() < give_up:
            credentials = self._reload()
            token = str(credentials.get("token", ""))
            if token and (token != stale or credentials.get("token_given") != given):
                return token
            if self._claim():
                return self._renew_now(credentials, stale, early)
            self._sleep(0.2)
        raise CredentialsError("Another process is renewing the login and does not finish; try again in a minute.")

    def _renew_now(self, credentials: dict[str, Any], stale: str, early: bool) -> str:
        try:
            fresh = self._source.new_token(self._transport, self._connection, credentials)
        except BaseException:
            self._row().update(token_claimed_until=None)
            raise
        given = "token" in fresh
        if not given and not early:
            self._row().update(token_claimed_until=None)
            raise CredentialsError("The vendor no longer accepts the token. Enter a new one on the connection's page.")
        if given:
            fresh = {**fresh, "token_given": timezone.now().isoformat()}
        if not self._store(credentials, fresh):
            # Somebody entered another login meanwhile: theirs counts.
            return self.renew(stale, early=early)
        return str(fresh["token"] if given else stale)

    def _store(self, used: dict[str, Any], fresh: dict[str, Any]) -> bool:
        """Keeps the fresh token, unless the login it came from is no longer the connection's."""
        with transaction.atomic():
            row = self._row().select_for_update(no_key=True).only("credentials").get()
            still_ours: bool = row.credentials == used
            kept = login_columns({**used, **fresh} if still_ours else row.credentials)
            self._row().update(**kept, token_claimed_until=None)
        for name, value in kept.items():
            setattr(self._connection, name, value)
        return still_ours

    def _claim(self) -> bool:
        now = timezone.now()
        free = self._row().filter(Q(token_claimed_until=None) | Q(token_claimed_until__lt=now))
        return bool(free.update(token_claimed_until=now + timedelta(seconds=CLAIM_SECONDS)))

    def _reload(self) -> dict[str, Any]:
        self._connection.refresh_from_db(fields=["credentials", "budget_owner", "switched_off"])
        credentials: dict[str, Any] = self._connection.credentials
        return credentials

    def _row(self) -> QuerySet[Connection]:
        return Connection.objects.filter(pk=self._connection.pk)

    def _ends_soon(self) -> bool:
        ends = self._connection.credentials.get("token_ends")
        return bool(ends) and datetime.fromisoformat(ends) - timezone.now() < RENEW_BEFORE
