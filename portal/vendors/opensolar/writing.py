"""The verbs that change projects and contacts (document 000).

None of them is sent twice by itself after it has left us: a second POST would make a second project. Each raises the
error family, and what it raises says what is known:

- Refused: not done, with the fields; Forbidden, NotFound, MethodNotAllowed, PlanError (402) and CredentialsError:
  not done;
- ThrottledError, Conflict (409), and TransientError without `sent`: not done, try again later;
- TransientError with `sent` (a 504, a lost or broken answer) and TooLarge: nobody knows.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.lib.answer import Answer
from portal.lib.http import Transport
from portal.vendors.opensolar.resources import Resource, object_of
from portal.vendors.opensolar.writable import Place, changed_contact, contact_body, project_body


class Writing:
    """What the client offers beside reading; see `client.OpenSolar`."""

    _transport: Transport
    _org_id: str
    _org_path: str
    names_itself: Callable[[], str]

    def create_project(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A new project of plain values (`contacts_new` among them); the project as OpenSolar answers it."""
        return object_of(self._write("POST", f"{self._org_path}projects/", project_body(values, self._place)))

    def change_project(self, number: int, values: Mapping[str, Any]) -> None:
        """Changes these values alone. What is answered is no whole project: read it again."""
        body = project_body(values, self._place)
        self._write("PATCH", f"{self._org_path}projects/{number:d}/", body, expect_json=False)

    def create_contact(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A new contact; the contact as OpenSolar answers it."""
        return object_of(self._write("POST", f"{self._org_path}contacts/", contact_body(values)))

    def replace_contact(self, number: int, record: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Sends the whole contact, as it was just read, with these values in it: PUT knows no parts."""
        body = changed_contact(record, values)
        self._write("PUT", f"{self._org_path}contacts/{number:d}/", body, expect_json=False)

    def delete(self, resource: Resource, number: int) -> None:
        """Deletes a project or a contact; NotFound where it is gone already."""
        self._write("DELETE", f"{self._org_path}{resource}/{number:d}/", None, expect_json=False)

    @property
    def _place(self) -> Place:
        return Place(self.names_itself, self._org_id)

    def _write(self, method: str, path: str, body: Any, *, expect_json: bool = True) -> Answer:
        return self._authorised(method, path, json=body, repeatable=False, expect_json=expect_json)

    def _authorised(
        self, method: str, path: str, *, json: Any = None, repeatable: bool | None = None, expect_json: bool = True
    ) -> Answer:
        raise NotImplementedError
