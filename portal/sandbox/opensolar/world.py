"""One organisation's records as the API shows them: drawn, changed by hand, and joined to one another."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import RLock
from typing import Any

from portal.sandbox.opensolar import links
from portal.sandbox.opensolar.components import component_shelves
from portal.sandbox.opensolar.contacts import ON_PROJECT, contact_record
from portal.sandbox.opensolar.layout import CONTACTS, PROJECTS, Layout
from portal.sandbox.opensolar.people import Org, org_record, role_record
from portal.sandbox.opensolar.pricebook import price_shelves
from portal.sandbox.opensolar.project_defaults import LIST_KEYS, ROLE_FIELDS, SPELT_OUT_ROLES
from portal.sandbox.opensolar.project_detail import EVENTS, FILES, project_detail
from portal.sandbox.opensolar.projects import project_facts, project_row
from portal.sandbox.opensolar.shelf import Shelf, Sight
from portal.sandbox.opensolar.systems import system_record
from portal.sandbox.opensolar.webhooks import Webhooks
from portal.sandbox.settings import Settings
from portal.sandbox.wire import JsonObject

_LISTED = frozenset(LIST_KEYS)


class World:
    """The records of `org`: `projects` projects and what belongs to them. Hold `lock` while reading or changing."""

    EVENTS, FILES = EVENTS, FILES

    def __init__(self, org: Org, projects: int, seed: int, epoch: datetime, settings: Settings) -> None:
        self.org = org
        self.lock = RLock()
        self.seed = seed
        self._epoch = self._last = epoch
        self._layout = layout = Layout(seed, org.id, projects)
        self.shelves = {
            "projects": Shelf(org.first_project, projects, self._draw_project),
            "contacts": Shelf(org.first_contact, layout.contacts, lambda n, base: contact_record(seed, org, n, base)),
            "systems": Shelf(
                org.first_system, layout.systems, lambda n, base: system_record(seed, org, layout, n, base)
            ),
            "roles": Shelf(
                org.roles[0].number, len(org.roles), lambda n, base: role_record(seed, org, org.roles[n], base)
            ),
            **price_shelves(seed, org),
            **component_shelves(seed, org),
        }
        self.org_changes: JsonObject = {}
        self.webhooks = Webhooks(self, settings)
        for name, shelf in self.shelves.items():
            shelf.watch = partial(self.webhooks.notice, name)

    def now(self) -> datetime:
        """The moment of a change; strictly later than the one before."""
        self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
        return self._last

    def org_record(self, base: str) -> JsonObject:
        """The organisation as it stands, with what was written to it."""
        return org_record(self.seed, self.org, base) | self.org_changes

    def rows(self, resource: str, keys: Iterable[int], base: str, short: bool) -> list[Any]:
        """Rows of a list; `short` are the projects' rows under `fieldset`."""
        if resource != "projects":
            return [self.shelves[resource].record(key, base) for key in keys]
        return [self._short(key, base) if short else self.project(key, base) for key in keys]

    def record(self, resource: str, key: int, base: str) -> Any:
        return self.project(key, base) if resource == "projects" else self.shelves[resource].record(key, base)

    def project(self, key: int, base: str) -> Any:
        """The whole record. What is joined follows the (changed) references; what was patched has the last word."""
        shelf = self.shelves["projects"]
        record = shelf.record(key, base)
        if shelf.is_replaced(key):
            return record
        record["contacts_data"] = self._join_contacts(record, base)
        record["systems"] = self.rows("systems", self.systems_of(key), base, short=False)
        for field in ROLE_FIELDS:
            self._join_role(record, field, base)
        record.update(shelf.patch_of(key))
        if record.get("private_files_data"):
            record["private_files_data"] = _with_links(record["private_files_data"], base)
        return record

    def systems_of(self, project: int) -> list[int]:
        """Keys of the systems of a project that are still there, in order."""
        systems = self.shelves["systems"]
        return [key for key in self.all_systems_of(project) if systems.sight(key) is Sight.HERE]

    def project_of_system(self, key: int) -> int | None:
        """The project that a system belongs to, also when the system is gone."""
        shelf = self.shelves["systems"]
        if key in shelf.added:
            found = _number(shelf.added[key].get("project"))
            return found if found >= 0 else None
        return self.shelves["projects"].first + self._layout.project_of(key - shelf.first)[0]

    def projects_of_contact(self, key: int) -> list[int]:
        """The drawn projects that name a drawn contact."""
        projects, index = self.shelves["projects"], key - self.shelves["contacts"].first
        start = index // CONTACTS * PROJECTS
        nearby = range(start, min(start + PROJECTS, projects.count)) if index >= 0 else range(0)
        return [projects.first + place for place in nearby if index in self._layout.contacts_of(place)]

    def all_systems_of(self, project: int) -> list[int]:
        """The same with those that were removed or hidden."""
        projects, systems = self.shelves["projects"], self.shelves["systems"]
        index = project - projects.first
        drawn = self._layout.systems_of(index) if 0 <= index < projects.count else range(0)
        keys = [systems.first + number for number in drawn]
        return keys + [key for key, record in systems.added.items() if _number(record.get("project")) == project]

    def _draw_project(self, index: int, base: str) -> JsonObject:
        facts = project_facts(self._layout, self.org, self._epoch, index)
        return project_detail(facts, self._layout, self.org, self._epoch, base)

    def _short(self, key: int, base: str) -> Any:
        shelf = self.shelves["projects"]
        index = shelf.index_of(key)
        if index is None:
            record = self.project(key, base)
            return {name: record[name] for name in LIST_KEYS if name in record} if isinstance(record, dict) else record
        facts = project_facts(self._layout, self.org, self._epoch, index)
        row = project_row(facts, self._layout, self.org, base)
        patch = {name: value for name, value in shelf.patch_of(key).items() if name in _LISTED}
        row.update(patch)
        row["contacts_data"] = [
            {name: contact[name] for name in ON_PROJECT if name in contact}
            for contact in self._join_contacts(row, base)
            if isinstance(contact, dict)
        ]
        row.update(patch)
        return row

    def _join_contacts(self, record: JsonObject, base: str) -> list[Any]:
        """The contacts a project names; a reference to one that is gone or hidden is taken out of the project."""
        shelf = self.shelves["contacts"]
        urls = record.get("contacts")
        named = urls if isinstance(urls, list) else []
        present = [(url, _number(url)) for url in named if shelf.sight(_number(url)) is Sight.HERE]
        record["contacts"] = [url for url, _ in present]
        return [shelf.record(key, base) for _, key in present]

    def _join_role(self, record: JsonObject, field: str, base: str) -> None:
        key = _number(record.get(field))
        shelf = self.shelves["roles"]
        role = shelf.record(key, base) if shelf.sight(key) is Sight.HERE else None
        record[f"{field}_data"] = role
        if field in SPELT_OUT_ROLES and isinstance(role, dict):
            parts = {"id": "id", "name": "display", "email": "email", "phone": "phone"}
            record.update({f"{field}_{part}": role.get(key) for part, key in parts.items()})
        if field == "assigned_role" and isinstance(role, dict):
            record["assigned_role_accreditation"] = role.get("accreditation")


def _with_links(files: Any, base: str) -> Any:
    """The files of a project, each with a link of this moment; one that was given a link by hand keeps it."""
    if not isinstance(files, list):
        return files
    return [
        {"file_contents": links.signed(base, f"/media/private/{file.get('id') or 0}/{int(_is_paper(file))}/"), **file}
        if isinstance(file, dict) and str(file.get("id") or 0).isdecimal()
        else file
        for file in files
    ]


def _is_paper(file: JsonObject) -> bool:
    return str(file.get("title")).lower().endswith(".pdf")


def _number(url: Any) -> int:
    """The last path segment of a reference; -1 for what refers to nothing."""
    last = str(url).rstrip("/").rpartition("/")[2]
    return int(last) if last.isdecimal() else -1
