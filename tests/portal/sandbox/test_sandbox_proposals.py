"""Proposal data of the sandbox: both paths, packed or not, the documented refusals, figures that fit the systems."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

ORG_PATH, PLAIN_PATH = "/api/orgs/1/user_logins/", "/api/user_logins/"


@pytest.fixture
def sold(admin: Any) -> dict[str, Any]:
    """A sold project with a price."""
    found: dict[str, Any] = next(row for row in admin.rows("projects") if row["system_sold"])
    return found


def proposal(admin: Any, path: str = ORG_PATH, **query: Any) -> dict[str, Any]:
    answer = admin.get(path, **query)
    assert answer.status_code == 200, answer.text
    (org,) = answer.json()
    (found,) = org["projects"]
    return dict(found)


def test_both_paths_give_the_same(admin: Any, sold: dict[str, Any]) -> None:
    assert proposal(admin, project_ids=sold["id"]) == proposal(admin, PLAIN_PATH, project_ids=sold["id"])


def test_its_figures_are_those_of_the_sold_system(admin: Any, sold: dict[str, Any]) -> None:
    system = next(row for row in sold["systems"] if row["url"] == sold["system_sold"])
    (shown,) = proposal(admin, project_ids=sold["id"])["proposal_data"]["systems"]
    assert shown["systemKwStc"] == f"{system['kw_stc']:.3f}"
    assert shown["systemOutputAnnualkWh"] == f"{system['output_annual_kwh']:,}"
    assert sum(json.loads(shown["output_monthly_json"])) == system["output_annual_kwh"]
    assert shown["data"]["pricing"]["system_price_including_tax"] == system["price_including_tax"]
    items = shown["data"]["line_items"]
    assert round(sum(item["total_value"] for item in items), 2) == system["price_excluding_tax"]


def test_unsold_systems_come_only_when_asked_for(admin: Any) -> None:
    project = next(row for row in admin.rows("projects") if row["systems"] and not row["system_sold"])
    assert proposal(admin, project_ids=project["id"])["proposal_data"]["systems"] == []
    found = proposal(admin, project_ids=project["id"], include_unsold=1)["proposal_data"]["systems"]
    assert [system["id"] for system in found] == [system["id"] for system in project["systems"]]


def test_blobs_are_packed_as_asked_and_the_design_always(admin: Any, sold: dict[str, Any]) -> None:
    plain = proposal(admin, project_ids=sold["id"])["proposal_data"]
    packed = proposal(admin, project_ids=sold["id"], compress_data="y")["proposal_data"]
    assert plain["design"] == packed["design"]
    for name in ("bills", "output", "contract_template"):
        blob = packed["systems"][0]["data"][name]
        assert json.loads(gzip.decompress(base64.b64decode(blob))) == plain["systems"][0]["data"][name]
    admin.set(design_always_packed=False)
    assert isinstance(proposal(admin, project_ids=sold["id"])["proposal_data"]["design"], dict)


def test_a_language_is_spoken(admin: Any, sold: dict[str, Any]) -> None:
    found = proposal(admin, project_ids=sold["id"], language="fr")
    assert (found["language"], found["proposal_data"]["language"]) == ("fr", "fr")
    assert "Merci" in found["proposal_data"]["proposal_message"]


def test_without_the_product_402_without_the_right_403_without_ids_400(admin: Any, sold: dict[str, Any]) -> None:
    for path in (ORG_PATH, PLAIN_PATH):
        assert admin.get(path, project_ids=2_000_001).status_code == 403
        assert admin.get(path, project_ids=f"{sold['id']},2000001").status_code == 403
        assert admin.get(path).status_code == 400
        assert admin.get(path, project_ids="x").status_code == 400
    admin.set(plan="api")
    for path in (ORG_PATH, PLAIN_PATH):
        assert admin.get(path, project_ids=sold["id"]).status_code == 402
    assert admin.get(f"/api/orgs/1/projects/{sold['id']}/").status_code == 200


def test_the_limit_a_minute_is_kept(admin: Any, sold: dict[str, Any]) -> None:
    admin.set(throttle=True)
    statuses = [admin.get(PLAIN_PATH, project_ids="x").status_code for _ in range(101)]
    assert (statuses.count(400), statuses[-1]) == (100, 429)
