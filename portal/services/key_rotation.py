"""Moves what is stored encrypted to the first of FIELD_ENCRYPTION_KEYS, so that the other keys can be given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from portal.lib.crypto import Cipher, UndecryptableSecret
from portal.models.fields import EncryptedJSONField

BATCH = 200
# What `portal.accounts` encrypts inside of a second factor's data; the rest of it stands there in clear.
IN_A_FACTOR = ("secret", "seed", "migrated_codes")
Tell = Callable[[str, int], None]


@dataclass(slots=True)
class Tally:
    """What became of the values in one place, `portal.Connection.credentials`."""

    place: str
    moved: int = 0
    there_already: int = 0
    unreadable: int = 0


class _Keys:
    def __init__(self) -> None:
        self._first = Cipher(settings.FIELD_ENCRYPTION_KEYS[:1])
        self._all = Cipher(settings.FIELD_ENCRYPTION_KEYS)

    def renewed(self, text: str) -> str:
        """Under the first key: the very same text where it is already; UndecryptableSecret where no key opens it."""
        try:
            self._first.decrypt_text(text)
        except UndecryptableSecret:
            return self._all.rotate_text(text)
        return text

    def renewed_inside(self, data: dict[str, Any]) -> dict[str, Any]:
        """The same for a second factor's data."""
        renewed = dict(data)
        for name in data.keys() & set(IN_A_FACTOR):
            value = data[name]
            renewed[name] = [self.renewed(one) for one in value] if isinstance(value, list) else self.renewed(value)
        return renewed


def rotate(tell: Tell) -> Iterator[Tally]:
    """All encrypted values of all organisations, place by place; `tell` hears of each row that no key opens.

    May be stopped anywhere and run again, also beside the portal: every value is moved by itself, and only if it is
    still the one that was read. A row that no key opens stays as it is.
    """
    keys = _Keys()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedJSONField):
                yield _rotate_field(keys, model, field.name, tell)
    yield _rotate_factors(keys, tell)


def _rotate_field(keys: _Keys, model: type[Model], name: str, tell: Tell) -> Tally:
    # The base manager knows no organisation, and the cast gives the text as it is stored.
    rows = model._base_manager.annotate(stored=Cast(name, TextField())).filter(**{f"{name}__isnull": False})

    def move(pk: int, text: str | None) -> bool:
        while text is not None:
            renewed = keys.renewed(text)
            if renewed == text:
                return False
            if rows.filter(pk=pk, stored=text).update(**{name: Value(renewed, TextField())}):
                return True
            # Somebody wrote another value meanwhile, or deleted the row.
            text = rows.filter(pk=pk).values_list("stored", flat=True).first()
        return False

    return _rotate_rows(Tally(f"{model._meta.label}.{name}"), rows.values_list("pk", "stored"), move, tell)


def _rotate_factors(keys: _Keys, tell: Tell) -> Tally:
    def move(pk: int, data: dict[str, Any]) -> bool:
        if keys.renewed_inside(data) == data:
            return False
        # Beside the secrets stands which recovery codes were used: the whole is locked, for databases compare JSON
        # each in their own way.
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if factor is None:
                return False
            factor.data = keys.renewed_inside(factor.data)
            factor.save(update_fields=["data"])
        return True

    return _rotate_rows(Tally("mfa.Authenticator.data"), Authenticator.objects.values_list("pk", "data"), move, tell)


def _rotate_rows(
    tally: Tally, rows: QuerySet[Any, tuple[int, Any]], move: Callable[[int, Any], bool], tell: Tell
) -> Tally:
    chunk = list(rows.order_by("pk")[:BATCH])
    while chunk:
        for pk, stored in chunk:
            try:
                moved = move(pk, stored)
            except UndecryptableSecret:
                tally.unreadable += 1
                tell(tally.place, pk)
            else:
                tally.moved += moved
                tally.there_already += not moved
        chunk = list(rows.filter(pk__gt=chunk[-1][0]).order_by("pk")[:BATCH])
    return tally
