"""How one exchange with a vendor ended: its body within a size cap, or the error that a broken one means."""

from collections.abc import Iterable
from enum import Enum

from portal.lib.call import Call
from portal.lib.errors import (
    DeadlineExceeded,
    MalformedAnswer,
    PermanentError,
    TooLarge,
    TransientError,
    VendorError,
)

CHUNK = 2**16
_ERROR_BODY = 2**16


class Breakage(Enum):
    """Where an exchange broke."""

    LATE = "did not answer completely within {deadline:g} seconds. Try again later."
    CUT = "sent an answer that broke off. Try again later."
    LOST = "dropped the connection. Try again later."
    NAME = "could not be reached: the name in the base address is not known. Check it, or try again later."
    REFUSED = "could not be reached: no connection. Try again later."
    CERTIFICATE = "showed a certificate that is not valid for the base address. Check the address."
    UNUSABLE = "could not be asked: the base address or the token cannot be used in a request. Check both."
    KEPT_OUT = "points to an address inside a private network, where it is not followed. Check the base address."
    GIVEN_UP = "was not waited for: the work was given up."


def broken_exchange(vendor: str, breakage: Breakage, call: Call, *, sent: bool, status: int | None) -> VendorError:
    """The error for it. Its text is our own: the texts of the libraries hold addresses and headers."""
    sentence = f"{vendor} {breakage.value.format(deadline=call.deadline)}"
    if sent and not call.repeatable:
        sentence += f" It is not known whether {vendor} carried out the request."
    if breakage in (Breakage.CERTIFICATE, Breakage.UNUSABLE, Breakage.KEPT_OUT):
        return PermanentError(sentence)
    if breakage is Breakage.LATE:
        return DeadlineExceeded(sentence, sent=sent)
    if breakage is Breakage.CUT:
        return MalformedAnswer(sentence, status=status, sent=sent, cut=True)
    return TransientError(sentence, sent=sent)


def whole_body(chunks: Iterable[bytes], declared: str, cap: int, vendor: str) -> bytes:
    """The decompressed body; TooLarge as soon as `declared` (Content-Length) or what has come passes `cap` bytes."""
    too_large = TooLarge(f"{vendor} sent more than {cap / 2**20:g} MB at once; it was dropped. Ask for less at a time.")
    if declared.isdigit() and int(declared) > cap:
        raise too_large
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > cap:
            raise too_large
    return bytes(body)


def start_of_body(chunks: Iterable[bytes], breaks: tuple[type[Exception], ...]) -> bytes:
    """As much of an error's body as its text needs, also when it breaks off."""
    body = bytearray()
    try:
        for chunk in chunks:
            body += chunk
            if len(body) > _ERROR_BODY:
                break
    except breaks:
        return bytes(body)
    return bytes(body)
