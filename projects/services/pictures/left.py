"""Stored pictures that nothing names any more: their connection is gone, or a worker died before it noted them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.utils import timezone
from django_scopes import scopes_disabled

from projects.models import SystemPicture
from projects.services.pictures.fetching import FOLDER, delete_file

BATCH = 500
# One that was stored a moment ago may not have been noted yet.
GRACE = timedelta(days=1)


def delete_left_behind() -> int:
    """Deletes them from the storage; how many there were. May run at any time, twice."""
    gone = 0
    files = _stored()
    while batch := list(islice(files, BATCH)):
        for name in set(batch) - _named(batch):
            if _is_old(name):
                delete_file(name)
                gone += 1
    return gone


def _stored() -> Iterator[str]:
    """The names of all files, folder by folder: each organisation has one."""
    for folder in _listed(FOLDER)[0]:
        for name in _listed(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _named(names: list[str]) -> set[str]:
    with scopes_disabled():
        large = SystemPicture.objects.filter(large__in=names).values_list("large", flat=True)
        small = SystemPicture.objects.filter(small__in=names).values_list("small", flat=True)
        return {*large, *small}


def _is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) < timezone.now() - GRACE
    except FileNotFoundError:
        return False
