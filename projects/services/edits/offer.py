"""Offers the portal the words for edits of projects, contacts, prices and components."""

from __future__ import annotations

from portal.registry import DeliveryWords, registry
from projects.services.edits import words as edits_words
from projects.services.prices.parts import PARTS
from projects.services.prices.words import words_for


def offer_words() -> None:
    """Called once, when the app is ready."""
    registry.delivery_words["projects"] = DeliveryWords(
        edits_words.project_label,
        edits_words.project_reader,
        edits_words.correct_project,
        edits_words.project_page,
    )
    registry.delivery_words["contacts"] = DeliveryWords(
        edits_words.contact_label,
        lambda delivery: edits_words.contact_value,
        edits_words.correct_contact,
        edits_words.contact_page,
    )
    for resource in PARTS:
        registry.delivery_words[resource] = words_for(resource)
