"""References are written as the vendor writes them itself, whatever stands before it."""

from __future__ import annotations

import re

import requests
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.models import Connection, DeliveryState, Payload
from tests.portal.outbox.acts import edit
from tests.portal.outbox.conftest import Office
from tests.projects.prices.acts import address_of, change, record_of


def behind_a_proxy(office: Office, httpserver: HTTPServer) -> None:
    """The vendor is reached through another address than the one it gives its records."""

    def pass_on(request: Request) -> Response:
        headers = {"Authorization": request.headers["Authorization"], "Content-Type": "application/json"}
        there = f"{office.world.base_url}{request.path.removeprefix('/proxy')}"
        answer = requests.request(request.method, there, data=request.get_data(), headers=headers, timeout=5)
        return Response(answer.content, answer.status_code, content_type="application/json")

    httpserver.expect_request(re.compile("/proxy/.*")).respond_with_handler(pass_on)
    with scopes_disabled():
        Connection.objects.update(base_url=httpserver.url_for("/proxy"))


def sent(httpserver: HTTPServer, method: str) -> object:
    [body] = [request.get_json() for request, _ in httpserver.log if request.method == method]
    return body


def test_a_project_names_role_and_roof_by_the_vendors_own_addresses(office: Office, httpserver: HTTPServer) -> None:
    behind_a_proxy(office, httpserver)
    edit(office, office.project(), roof_type=24, assigned_role=53)
    with CaptureQueriesContext(database) as asked:
        office.work()
    assert office.last().state == DeliveryState.SENT, office.last().message
    assert len([query for query in asked if "portal_payload" in query["sql"] and "'roles'" in query["sql"]]) == 1
    own = office.world.base_url
    wanted = {"roof_type": f"{own}/api/roof_types/24/", "assigned_role": f"{own}/api/orgs/1/roles/53/"}
    assert sent(httpserver, "PATCH") == wanted


def test_a_costing_names_its_roof_likewise(office: Office, httpserver: HTTPServer) -> None:
    office.world.settings(document_posts=True)
    behind_a_proxy(office, httpserver)
    change(office, address_of("costing", record_of("costing")), roof_type_adder_2_roof_type="19")
    office.work()
    assert office.last().state == DeliveryState.SENT, office.last().message
    assert sent(httpserver, "POST") == {"roof_type_adder_2_roof_type": f"{office.world.base_url}/api/roof_types/19/"}


def test_without_such_an_address_they_begin_with_the_base_address(office: Office, httpserver: HTTPServer) -> None:
    with scopes_disabled():
        Payload.objects.filter(resource="roles").update(body='{"url": "/api/orgs/1/roles/53/"}')
    behind_a_proxy(office, httpserver)
    edit(office, office.project(), assigned_role=53)
    office.work()
    assert sent(httpserver, "PATCH") == {"assigned_role": f"{httpserver.url_for('/proxy')}/api/orgs/1/roles/53/"}
