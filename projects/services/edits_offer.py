"""Offers the portal the words for edits of projects and contacts."""

from __future__ import annotations

from portal.registry import DeliveryWords, registry
from projects.services import edits_words


def offer_words() -> None:
    """Called once, when the app is ready."""
    registry.delivery_words["projects"] = DeliveryWords(
        edits_words.project_label,
        edits_words.project_value,
        edits_words.correct_project,
        edits_words.project_page,
    )
    registry.delivery_words["contacts"] = DeliveryWords(
        edits_words.contact_label,
        edits_words.contact_value,
        edits_words.correct_contact,
        edits_words.contact_page,
    )
