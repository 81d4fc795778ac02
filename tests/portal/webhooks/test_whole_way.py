"""From a change at OpenSolar to the record that shows it, through a real socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.portal.webhooks.conftest import Reported, a_contact, a_project, make_vendor
from tests.world import World


@pytest.mark.django_db(transaction=True)
def test_a_change_at_the_vendor_is_here_after_its_delivery(live_server: Any, settings: Any) -> None:
    settings.PORTAL_BASE_URL = live_server.url
    with make_vendor() as sandbox:
        reported = Reported(World(sandbox))
        assert reported.connect().code == 0
        reported.world.sync()
        number = a_project().opensolar_id
        reported.world.change("projects", number, notes="Moved the switchboard", title="Title")
        reported.world.change("contacts", a_contact().opensolar_id, phone="0491 570 111")
        assert reported.world._send("GET", "opensolar/orgs/1/webhooks/idle") == {"waiting": 0}
        assert [event.state for event in reported.events()] == ["new", "new"]
        reported.work()
        assert (a_project(opensolar_id=number).title, a_contact().phone) == ("Title", "0491 570 111")
        reported.world.delete("projects", number)
        assert reported.world._send("GET", "opensolar/orgs/1/webhooks/idle") == {"waiting": 0}
        reported.work()
        assert a_project().opensolar_id != number
