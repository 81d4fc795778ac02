"""The error family of every vendor call.

A caller decides by class: try again later, ask a person, or switch a feature off. `sentence` is written for that
person; no error ever carries a token, a password or the value of a secret key.
"""

from collections.abc import Mapping, Sequence


class VendorError(Exception):
    """Something between us and a vendor went wrong.

    `sentence` says what happened and what to do; `status` is the HTTP status, if there was an answer; `retry_after`
    is how many seconds the vendor asks us to wait; `excerpt` is the start of the body, redacted; `permanent` says
    that sending the same again cannot help.
    """

    permanent = False

    def __init__(
        self, sentence: str, *, status: int | None = None, retry_after: float | None = None, excerpt: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after
        self.excerpt = excerpt

    def __str__(self) -> str:
        return self.sentence


class TransientError(VendorError):
    """The network, a 408 or a 5xx. With `sent`, the request left us and nobody knows whether it took effect."""

    def __init__(
        self,
        sentence: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        excerpt: str = "",
        sent: bool = False,
    ) -> None:
        super().__init__(sentence, status=status, retry_after=retry_after, excerpt=excerpt)
        self.sent = sent


class DeadlineExceeded(TransientError):
    """The whole answer, body included, did not arrive within the deadline."""


class MalformedAnswer(TransientError):
    """The answer is not what was promised: a web page, broken JSON, another shape. `cut` marks one that broke off."""

    def __init__(
        self,
        sentence: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        excerpt: str = "",
        sent: bool = False,
        cut: bool = False,
    ) -> None:
        super().__init__(sentence, status=status, retry_after=retry_after, excerpt=excerpt, sent=sent)
        self.cut = cut


class ThrottledError(VendorError):
    """The vendor asks us to slow down (429, or a 503 with a long Retry-After)."""


class QuotaSpent(VendorError):
    """Our own budget says wait; nothing was sent. `retry_at` is the Unix time, in seconds, of the next free slot."""

    def __init__(
        self,
        sentence: str,
        *,
        retry_at: float = 0.0,
        status: int | None = None,
        retry_after: float | None = None,
        excerpt: str = "",
    ) -> None:
        super().__init__(sentence, status=status, retry_after=retry_after, excerpt=excerpt)
        self.retry_at = retry_at


class Conflict(VendorError):
    """409: another change was under way. The transport does not repeat it; the outbox may."""


class PermanentError(VendorError):
    """Sending the same again cannot help."""

    permanent = True


class NotFound(PermanentError):
    """404."""


class Forbidden(PermanentError):
    """403: it may exist, but this login may not see or do it."""


class MethodNotAllowed(PermanentError):
    """405."""


class TooLarge(PermanentError):
    """The answer passes our size cap; it was dropped unread."""


class PlanError(PermanentError):
    """402: the vendor's plan does not include this. Switch the feature off; do not repeat."""


class CredentialsError(PermanentError):
    """The token or the login was refused, after one renewal where renewal is possible."""


class Refused(PermanentError):
    """400 or 422: the vendor read the request and says what is wrong with it, field by field where it can.

    `fields` maps a dotted field path to messages; what concerns no single field stands under `non_field_errors`.
    """

    def __init__(
        self,
        sentence: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        excerpt: str = "",
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(sentence, status=status, retry_after=retry_after, excerpt=excerpt)
        self.fields: dict[str, list[str]] = {name: list(messages) for name, messages in (fields or {}).items()}
