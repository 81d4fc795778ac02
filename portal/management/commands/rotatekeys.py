"""`manage.py rotatekeys`: moves stored secrets to the first encryption key, so that the other keys can go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from portal.management.prepared import PreparedCommand
from portal.services.key_rotation import rotate


class Command(PreparedCommand):
    help = (
        "Encrypts everything that is stored encrypted anew with the first of FIELD_ENCRYPTION_KEYS. May be stopped, "
        "run again, and run beside the portal. Exit 0: the other keys are no longer needed; 1: no key opens something."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        lost = 0
        for tally in rotate(self._tell):
            lost += tally.unreadable
            left = f", {tally.unreadable} that no key opens" if tally.unreadable else ""
            self.stdout.write(f"{tally.place}: {tally.moved} moved, {tally.there_already} there already{left}")
        if lost:
            raise CommandError(f"{lost} left as they are: add the key that they were written with, and run this again.")

    def _tell(self, place: str, pk: int) -> None:
        self.stderr.write(f"{place} of {pk}: no key opens it.")
