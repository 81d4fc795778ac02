"""How OpenSolar writes single values, and what we make of them.

Numbers come as numbers or as strings, references as URLs, times with `Z` or with a space and an offset, and blanks
where another row has null. What cannot be read as its kind is an error of that record, never a guess.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BeforeValidator, Field

_LONGEST_ID = 18  # digits that surely fit a 64-bit column
_CENT = Decimal("0.01")
_WATT = Decimal("0.001")


def id_of(reference: Any) -> int | None:
    """The id in a reference: the last path segment of a URL (absolute or relative), a number, or a nested object.

    Hosts are not looked at: samples hold other ones than the API's. None where there is no number.
    """
    if isinstance(reference, dict):
        return _plain_id(reference.get("url")) or _plain_id(reference.get("id"))
    return _plain_id(reference)


def _plain_id(reference: Any) -> int | None:
    if isinstance(reference, str):
        last = reference.partition("?")[0].rstrip("/").rpartition("/")[2]
        return int(last) if last.isdigit() and last.isascii() and len(last) <= _LONGEST_ID else None
    if isinstance(reference, int) and not isinstance(reference, bool):
        return reference if 0 <= reference < 10**_LONGEST_ID else None
    return None


def ids_of(references: Any) -> Any:
    """The ids of a list of references, each once, in order; null is an empty list; anything else is left to fail."""
    if references is None:
        return []
    if not isinstance(references, list):
        return references
    return list(dict.fromkeys(found for found in map(id_of, references) if found is not None))


def blank_is_none(value: Any) -> Any:
    """None for an empty text; anything else as it is."""
    return None if isinstance(value, str) and not value.strip() else value


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("outside of the calendar") from None


def _day(value: Any) -> Any:
    """The date as OpenSolar writes it, also where it adds a time."""
    return value[:10].strip() or None if isinstance(value, str) else value


def rounded(step: Decimal) -> AfterValidator:
    """Rounds to a multiple of `step`, half away from zero."""

    def to_step(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else amount.quantize(step, ROUND_HALF_UP)

    return AfterValidator(to_step)


def _flag(value: Any) -> Any:
    """True for any reference, date or count that stands where a yes is meant; text that says no is no."""
    if isinstance(value, str):
        said = value.strip().lower()
        return None if not said else said not in ("0", "false", "no", "null")
    return None if value is None else bool(value)


def _objects(value: Any) -> Any:
    """The objects of a list; null is an empty list; a list inside a string is read."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value or b"null")
        except orjson.JSONDecodeError:
            return value
    if value is None:
        return []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else value


_CONTACT_KEYS = ("display", "first_name", "family_name", "email", "phone")


def contact_text(contacts: Any) -> str:
    """Names, e-mails and phones of embedded contacts in lower case, phones also as bare digits: text to search in."""
    if contacts is not None and not isinstance(contacts, list):
        raise ValueError("no list of contacts")
    return " ".join(dict.fromkeys(_contact_words(contacts or ())))


def _contact_words(contacts: Iterable[Any]) -> Iterable[str]:
    for contact in contacts:
        if not isinstance(contact, dict):
            continue
        for key in _CONTACT_KEYS:
            value = contact.get(key)
            if value:
                yield str(value).strip().lower()
        phone = str(contact.get("phone") or "")
        if phone and not phone.isdigit():
            yield "".join(filter(str.isdigit, phone))


def _active_stage(workflow: Any) -> Any:
    return workflow.get("active_stage_id") if isinstance(workflow, dict) else None


_BLANK = BeforeValidator(blank_is_none)
_REFERENCE = BeforeValidator(id_of)

Key = Annotated[int, Field(ge=0, lt=10**_LONGEST_ID)]
Text = str | None
Whole = Annotated[Annotated[int, Field(ge=-(2**31), lt=2**31)] | None, _BLANK]
Number = Annotated[float | None, _BLANK]
YesNo = Annotated[bool | None, _BLANK]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Moment = Annotated[datetime | None, _BLANK, AfterValidator(_aware)]
Day = Annotated[date | None, BeforeValidator(_day)]
Money = Annotated[Annotated[Decimal, Field(gt=-(10**12), lt=10**12)] | None, _BLANK, rounded(_CENT)]
Kilowatt = Annotated[Annotated[Decimal, Field(gt=-(10**9), lt=10**9)] | None, _BLANK, rounded(_WATT)]
Reference = Annotated[int | None, _REFERENCE]
References = Annotated[list[int], BeforeValidator(ids_of)]
Objects = Annotated[list[dict[str, Any]], BeforeValidator(_objects)]
ContactText = Annotated[str, BeforeValidator(contact_text)]
ActiveStage = Annotated[Key | None, BeforeValidator(_active_stage)]
