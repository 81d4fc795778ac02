"""Gives the database's connection a webhook; or times how long what arrived takes to be in the mirror."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

TIMES = 30


def measure(base_url: str = "", seen: bool = False) -> dict[str, Any]:
    """The address and headers of the webhook. With `seen`: the median time, in seconds, from a change at the vendor
    whose delivery was just stored to the changed row, worked by one idle worker in this process."""
    import django

    django.setup()
    from django.conf import settings
    from django_scopes import scopes_disabled

    from portal.models import Connection
    from portal.sync import hooks

    settings.PORTAL_BASE_URL = settings.PORTAL_BASE_URL or "http://127.0.0.1:9"
    with scopes_disabled():
        connection = Connection.objects.select_related("organisation").get()
        row = hooks.ensure(connection)
        assert row is not None
        found = {
            "path": f"/webhooks/opensolar/{row.key}/",
            "headers": {"Authorization": f"Token {row.secret['secret']}", "Content-Type": "application/json"},
        }
    return {**found, "seconds": _until_stored(connection, found)} if seen else found


def _until_stored(connection: Any, door: dict[str, Any]) -> float:
    """Against the sandbox: change, deliver through the test client, work, look."""
    import json

    import requests
    from django.test import Client
    from django_scopes import scopes_disabled

    from portal.sandbox.server import Sandbox
    from portal.services import inbox, syncing
    from projects.models import Project

    taken = []
    with Sandbox(projects=TIMES) as sandbox, scopes_disabled():
        login = {"username": "marie.curie@example.com", "password": "sunny-roofs-demo"}
        connection.base_url, connection.credentials = sandbox.opensolar_url, {**login, "owner": "bench"}
        connection.save()
        syncing.run_now(connection, full=True, wait=1)
        client = Client(headers={"authorization": door["headers"]["Authorization"]})
        for number in Project.objects.values_list("opensolar_id", flat=True)[:TIMES]:
            address = f"{sandbox.url}/control/opensolar/orgs/1/projects/{number}"
            requests.patch(address, json={"title": f"Changed {number}"}, timeout=5)
            envelope = {
                "timestamp": str(int(time.time())),
                "model": "Project",
                "model_id": number,
                "event": "UPDATE",
                "event_id": number,
                "fields": {"id": number},
            }
            began = time.perf_counter()
            answer = client.post(door["path"], json.dumps(envelope), content_type="application/json")
            assert answer.status_code == 200
            inbox.process(connection.pk)
            if not Project.objects.filter(opensolar_id=number, title=f"Changed {number}").exists():
                raise RuntimeError("the change is not there")
            taken.append(time.perf_counter() - began)
    return median(taken)
