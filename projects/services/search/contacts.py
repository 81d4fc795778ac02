"""Customers by a text as it stands in one of their columns: for integrators, and where one is put on a project."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from projects.models import Contact

COLUMNS = ("display", "first_name", "family_name", "email", "phone")


def containing(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """Those of them that hold the text, in any case."""
    anywhere = Q()
    for column in COLUMNS:
        anywhere |= Q(**{f"{column}__icontains": text})
    return contacts.filter(anywhere)
