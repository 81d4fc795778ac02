"""Pictures of systems: fetched once a design, behind all other work, opened with care, shown to whom they concern."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled
from PIL import Image

from portal.models import Connection, ConnectionState, Kind, PendingFetch, SyncRun
from projects.models import System, SystemPicture
from projects.services.pictures.fetching import fetch_due
from projects.tasks import fetch_pictures
from tests.projects.papers.conftest import House

IMAGE = ".*/image/"


def images(house: House) -> list[dict[str, Any]]:
    """Requests for pictures, without the redirects that follow."""
    return [call for call in house.vendor.log() if call["path"].endswith("/image/")]


def pictures() -> list[SystemPicture]:
    with scopes_disabled():
        return list(SystemPicture.objects.order_by("system_ref"))


def only(system: System) -> None:
    """No other system is left to fetch a picture of."""
    with scopes_disabled():
        System.objects.exclude(pk=system.pk).update(uuid="")


def files() -> list[str]:
    """What lies in the storage."""
    try:
        folder = default_storage.listdir("system-pictures")[0]
    except FileNotFoundError:
        return []
    return [name for each in folder for name in default_storage.listdir(f"system-pictures/{each}")[1]]


def test_no_sync_asks_for_pictures_and_the_lane_behind_it_does_once(house: House) -> None:
    assert images(house) == []
    with scopes_disabled():
        many = System.objects.count()
    assert many > 3
    assert fetch_due() == many
    asked = images(house)
    assert len(asked) == many
    assert {(call["query"]["width"], call["query"]["height"]) for call in asked} == {("1200", "900")}
    assert {(row.width, row.height, row.trouble) for row in pictures()} == {(1200, 900, "")}
    assert len(files()) == 2 * many
    assert fetch_due() == 0
    house.sync()
    assert fetch_due() == 0
    assert images(house) == []


def test_sold_systems_come_first(house: House) -> None:
    with scopes_disabled():
        sold = set(System.objects.filter(project__is_sold=True).values_list("opensolar_id", flat=True))
        uuids = dict(System.objects.values_list("uuid", "opensolar_id"))
    fetch_due()
    first = [uuids[call["path"].split("/")[-3]] for call in images(house)][: len(sold)]
    assert sold
    assert set(first) == sold


def test_only_another_design_is_asked_for_again(house: House) -> None:
    system = house.system()
    fetch_due()
    (before,) = [row for row in pictures() if row.system_ref == system.opensolar_id]
    house.vendor.change("systems", system.opensolar_id, name="Renamed", price_including_tax=1.0, discount=5.0)
    house.sync()
    fetch_due()
    assert images(house) == []
    house.vendor.change("systems", system.opensolar_id, module_quantity=33, kw_stc=14.5)
    house.sync()
    assert fetch_due() == 1
    assert len(images(house)) == 1
    (after,) = [row for row in pictures() if row.system_ref == system.opensolar_id]
    assert after.large != before.large
    assert not default_storage.exists(before.large)
    assert default_storage.exists(after.small)
    assert len(files()) == 2 * len(pictures())


def test_the_sizes_are_ours_and_sensible(house: House) -> None:
    only(house.system())
    fetch_due()
    (row,) = pictures()
    for name, size in ((row.large, (1200, 900)), (row.small, (480, 360))):
        with default_storage.open(name) as file, Image.open(io.BytesIO(file.read())) as picture:
            assert (picture.format, picture.size) == ("JPEG", size)


@pytest.mark.parametrize("how", ["here", "redirect", "elsewhere"])
def test_a_picture_is_found_wherever_redirects_lead(house: House, how: str) -> None:
    """The sandbox's other host refuses whoever brings our login along."""
    only(house.system())
    house.vendor.settings(image=how)
    assert fetch_due() == 1


def test_a_bomb_is_not_opened(house: House) -> None:
    only(house.system())
    house.vendor.settings(image="bomb")
    assert fetch_due() == 0
    (row,) = pictures()
    assert "far more pixels" in row.trouble
    assert files() == []
    assert fetch_due() == 0
    assert len(images(house)) == 1


def test_a_web_page_is_no_picture_and_is_tried_again_later(house: House) -> None:
    only(house.system())
    house.vendor.settings(image="page")
    began = timezone.now()
    with time_machine.travel(began, tick=False) as clock:
        assert fetch_due() == 0
        (row,) = pictures()
        assert "a web page" in row.trouble
        assert (row.tries, files()) == (1, [])
        assert fetch_due() == 0
        assert len(images(house)) == 1
        clock.shift(61)
        assert fetch_due() == 0
        assert len(images(house)) == 2
        house.vendor.settings(image="here")
        clock.shift(121)
        assert fetch_due() == 1
    (row,) = pictures()
    assert (row.tries, row.trouble) == (0, "")


def test_after_eight_tries_it_waits_for_another_design(house: House) -> None:
    only(house.system())
    house.vendor.fault("status", path=IMAGE, status=500, times=None)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _attempt in range(10):
            fetch_due()
            clock.shift(timedelta(hours=7))
    assert len(images(house)) == 8
    (row,) = pictures()
    assert "internal error" in row.trouble


@pytest.mark.parametrize(("status", "words"), [(404, ""), (403, "does not permit"), (400, "refused")])
def test_a_refusal_ends_it_for_this_design(house: House, status: int, words: str) -> None:
    only(house.system())
    house.vendor.fault("status", path=IMAGE, status=status)
    assert fetch_due() == 0
    assert fetch_due() == 0
    assert len(images(house)) == 1
    (row,) = pictures()
    assert words in row.trouble
    assert bool(row.trouble) == bool(words)


@pytest.mark.parametrize("status", [402, 405])
def test_what_the_plan_does_not_hold_is_switched_off(house: House, status: int) -> None:
    house.vendor.fault("status", path=IMAGE, status=status)
    fetch_due()
    fetch_due()
    assert len(images(house)) == 1
    with scopes_disabled():
        connection = Connection.objects.get()
    assert "system_image" in connection.switched_off
    assert connection.state == ConnectionState.WELL


def test_a_pause_that_the_vendor_asks_for_is_kept(house: House) -> None:
    house.vendor.fault("status", path=IMAGE, status=429, retry_after=120)
    fetch_due()
    fetch_due()
    assert len(images(house)) == 1
    assert {row.tries for row in pictures()} == {0}


def test_an_account_that_fails_thrice_is_left_alone_for_now(house: House) -> None:
    house.vendor.fault("status", path=IMAGE, status=503, times=None)
    fetch_due()
    assert len(images(house)) == 3


def test_the_published_budget_is_kept(house: House, settings: LazySettings) -> None:
    """Ten a minute: six at once, of which the background takes four; the rest is for people."""
    settings.VENDOR_QUOTAS = True
    house.vendor.settings(throttle=True)
    with time_machine.travel(timezone.now(), tick=False):
        fetch_due()
        assert len(images(house)) == 4
        seller = house.person(Kind.SALES)
        with scopes_disabled():
            waiting = System.objects.exclude(opensolar_id__in=[row.system_ref for row in pictures() if row.large])
            system = waiting.select_related("project").order_by("pk")[0]
        seller.get(f"/projects/{system.project.pk}/")
        fetch_due()
    assert 4 < len(images(house)) <= 6
    assert {call["status"] for call in images(house)} == {302}
    assert system.opensolar_id in {row.system_ref for row in pictures() if row.large}


def test_records_go_before_pictures_but_not_before_people(house: House, seller: Client) -> None:
    with scopes_disabled():
        connection = Connection.objects.get()
        PendingFetch.objects.create(connection=connection, resource="project_details", vendor_id="400001")
    assert fetch_due() == 0
    system = house.system()
    seller.get(f"/projects/{system.project.pk}/")
    assert fetch_due() >= 1
    with scopes_disabled():
        mine = System.objects.filter(project_ref=system.project_ref).count()
    assert len(images(house)) == mine


def test_a_design_waits_for_its_details(house: House) -> None:
    system = house.system()
    only(system)
    with scopes_disabled():
        PendingFetch.objects.create(
            connection=Connection.objects.get(),
            resource="system_details",
            vendor_id=str(system.project_ref),
            not_before=timezone.now() + timedelta(hours=1),
        )
    assert fetch_due() == 0
    assert images(house) == []


def test_a_paused_account_and_a_removed_system_are_not_asked_for(house: House) -> None:
    with scopes_disabled():
        System.objects.update(removed_at=timezone.now())
    assert fetch_due() == 0
    with scopes_disabled():
        System.objects.update(removed_at=None)
        Connection.objects.update(state=ConnectionState.PAUSED)
    assert fetch_due() == 0
    assert images(house) == []
    with scopes_disabled():
        assert SyncRun.objects.count() == 1


def test_the_task_fetches_for_one_account(house: House) -> None:
    only(house.system())
    fetch_pictures(0)
    assert pictures() == []
    with scopes_disabled():
        fetch_pictures(Connection.objects.get().pk)
    assert len(pictures()) == 1


def test_the_page_shows_them_once_they_are_there(house: House, seller: Client) -> None:
    system = house.system()
    page = f"/projects/{system.project.pk}/"
    assert "on its way from OpenSolar" in seller.get(page).content.decode()
    assert seller.get(f"{page}pictures/").status_code == 204
    fetch_due()
    shown = seller.get(f"{page}pictures/").content.decode()
    assert f'src="/projects/systems/{system.pk}/picture/?size=small' in shown
    assert "hx-get" not in shown
    said = seller.get(page).content.decode()
    assert "on its way" not in said
    assert f"/projects/systems/{system.pk}/picture/?size=small" in said


def test_opening_a_page_again_writes_nothing(house: House, seller: Client) -> None:
    page = f"/projects/{house.system().project.pk}/"
    fetch_due()
    house.vendor.log(clear=True)
    before = pictures()
    seller.get(page)
    assert [(row.wanted_at, row.looked_at) for row in pictures()] == [(row.wanted_at, row.looked_at) for row in before]
    fetch_due()
    assert images(house) == []


def test_a_picture_is_for_those_who_may_see_its_project(house: House, seller: Client) -> None:
    only(house.system())
    fetch_due()
    address = f"/projects/systems/{house.system().pk}/picture/"
    answer = seller.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert len(seller.get(f"{address}?size=small").content) < len(answer.content)
    assert seller.get(f"{address}?size=huge").status_code == 404
    for kind in (Kind.INSPECTOR, Kind.INSTALLER, Kind.UNASSIGNED):
        assert house.person(kind).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    default_storage.delete(pictures()[0].large)
    assert seller.get(address).status_code == 404


def test_why_there_is_no_picture_is_said(house: House, seller: Client) -> None:
    system = house.system()
    house.vendor.settings(image="bomb")
    fetch_due()
    assert "far more pixels than were asked for" in seller.get(f"/projects/{system.project.pk}/").content.decode()


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK"])
def test_pictures_of_any_kind_become_jpegs(mode: str) -> None:
    from projects.services.pictures.making import made_of

    out = io.BytesIO()
    Image.new(mode, (2000, 500)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    made = made_of(out.getvalue())
    assert (made.width, made.height) == (1200, 300)
    with Image.open(io.BytesIO(made.small)) as small:
        assert (small.mode, small.size) == ("RGB", (480, 120))


def test_a_picture_of_too_many_pixels_is_told_by_its_size() -> None:
    """Long before Pillow itself calls it a bomb."""
    from projects.services.pictures.making import NoPicture, made_of

    out = io.BytesIO()
    Image.new("1", (6000, 5000)).save(out, "PNG")
    with pytest.raises(NoPicture, match="far more pixels"):
        made_of(out.getvalue())


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_broken_pictures_are_refused(cut: int) -> None:
    from projects.services.pictures.making import NoPicture, made_of

    out = io.BytesIO()
    Image.new("RGB", (64, 64), (9, 9, 9)).save(out, "JPEG")
    with pytest.raises(NoPicture, match="cannot be read"):
        made_of(out.getvalue()[:cut])
    with pytest.raises(NoPicture):
        made_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
