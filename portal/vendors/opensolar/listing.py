"""Fetches the pages of one list from worker threads, with a token that the caller's thread keeps fresh."""

from typing import Any

from portal.lib.call import Params
from portal.lib.errors import CredentialsError, VendorError
from portal.lib.http import Transport
from portal.vendors.opensolar.resources import Resource, org_path, page_params, rows_of
from portal.vendors.opensolar.tokens import TokenSource


class StaleToken(CredentialsError):
    """A worker met a 401 with the token of this `generation`."""

    def __init__(self, error: CredentialsError, generation: int) -> None:
        super().__init__(error.sentence, status=error.status, excerpt=error.excerpt)
        self.generation = generation


class Listing:
    """`fetch` may run in several threads at once; `recover` runs in the thread that may ask the token source."""

    def __init__(
        self,
        transport: Transport,
        org_id: str,
        resource: Resource,
        tokens: TokenSource,
        filters: Params | None = None,
    ) -> None:
        self._transport = transport
        self._path = f"{org_path(org_id)}{resource}/"
        self._resource = resource
        self._filters = filters
        self._tokens = tokens
        self._current = (0, tokens.current())

    def fetch(self, number: int, limit: int) -> list[Any]:
        """The rows of a page; StaleToken instead of a 401.

        A 500 is repeated once only, because it is often how a list ends; a 504 not at all while the page can be halved.
        """
        generation, token = self._current
        limits = {500: 1, 504: 0} if limit and limit % 2 == 0 else {500: 1}
        params = page_params(self._resource, number, limit, self._filters)
        try:
            answer = self._transport.request(
                "GET", self._path, params=params, token=token, retry_limits=limits, expect_json=True
            )
        except CredentialsError as error:
            if error.status != 401:
                raise
            refused = StaleToken(error, generation)
        else:
            return rows_of(answer)
        raise refused

    def recover(self, error: VendorError) -> bool:
        """Renews the token if the error says that it is stale; whether the page is worth asking for again.

        Pages under way together all meet the same stale token: only the first of them renews it.
        """
        if not isinstance(error, StaleToken):
            return False
        generation, token = self._current
        if error.generation == generation:
            self._current = (generation + 1, self._tokens.renew(token))
        return True
