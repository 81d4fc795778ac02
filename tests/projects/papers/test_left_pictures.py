"""Stored pictures go when nothing names them any more, and only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django_scopes import scopes_disabled

from projects.models import SystemPicture
from projects.services.pictures.fetching import FOLDER
from projects.tasks import forget_pictures
from tests.conftest import Company
from tests.factories import make_picture, make_project, make_system


def picture_of(company: Company) -> SystemPicture:
    """With its files where the portal keeps them."""
    folder = f"{FOLDER}/{company.organisation.pk}"
    names = {size: default_storage.save(f"{folder}/x-{size}.jpg", ContentFile(b"x")) for size in ("large", "small")}
    return make_picture(make_system(make_project(company.connection)), **names)


def later() -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=2), tick=False)


def test_with_its_connection_go_the_files_and_no_others(sunny: Company, kestrel: Company) -> None:
    ours, theirs = picture_of(sunny), picture_of(kestrel)
    with scopes_disabled():
        sunny.connection.delete()
    with later():
        forget_pictures()
        forget_pictures()
    assert not default_storage.exists(ours.large)
    assert not default_storage.exists(ours.small)
    assert default_storage.exists(theirs.large)
    assert default_storage.exists(theirs.small)


def test_what_was_stored_a_moment_ago_may_still_be_noted(sunny: Company) -> None:
    name = default_storage.save(f"{FOLDER}/{sunny.organisation.pk}/new.jpg", ContentFile(b"x"))
    forget_pictures()
    assert default_storage.exists(name)
    with later():
        forget_pictures()
    assert not default_storage.exists(name)


@pytest.mark.django_db
def test_a_portal_without_pictures_has_nothing_to_do() -> None:
    other = default_storage.save("something-else/1/x.jpg", ContentFile(b"x"))
    with later():
        forget_pictures()
    assert default_storage.exists(other)
