"""What administrators say about their organisation: its name, and how safely its administrators sign in."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.access import Access
from portal.models import Organisation
from portal.services.audit import note


def change(access: Access, *, name: str, second_factor: bool) -> bool:
    """Stores and notes what differs; False when nothing does."""
    organisation = access.organisation
    wanted = {"name": name, "administrators_need_second_factor": second_factor}
    differing = {field: value for field, value in wanted.items() if getattr(organisation, field) != value}
    if not differing:
        return False
    with transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(**differing)
        note(access, "organisation.changed", name, **differing)
    for field, value in differing.items():
        setattr(organisation, field, value)
    return True


def end_first_run(organisation: Organisation) -> None:
    """The way through the first run is over; it is not offered again. May run twice."""
    Organisation.objects.filter(pk=organisation.pk, welcomed_at=None).update(welcomed_at=timezone.now())
