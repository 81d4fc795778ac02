"""Where a client gets its bearer token from."""

from typing import Protocol


class TokenSource(Protocol):
    """One token, shared by all workers of a connection; only asked in the thread that called the client.

    `renew(stale)` returns a token other than `stale`: a new one, or the one that somebody else has renewed meanwhile.
    It raises CredentialsError if there is no way to a new one.
    """

    def current(self) -> str: ...

    def renew(self, stale: str) -> str: ...
