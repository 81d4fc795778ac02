"""Writing the organisation, its prices and its components: document 000's form first, the usual one where it is 405.

The document changes an organisation by POST on its address and a record by POST on the record's; OpenSolar's own
servers want PUT there and PATCH here. Which of the two a server takes is asked once a client.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from portal.lib.answer import Answer
from portal.lib.errors import MethodNotAllowed, NotFound
from portal.vendors.opensolar.resources import WRITABLE, Resource, object_of

Body = Mapping[str, Any]


class Send(Protocol):
    """Sends with the client's token, renewed once after a 401."""

    def __call__(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        repeatable: bool | None = None,
        expect_json: bool = True,
    ) -> Answer: ...


class Catalogue:
    """The writing verbs. All raise the error family: Refused names the fields that OpenSolar did not take.

    None is sent twice by itself: what somebody else wrote meanwhile would be lost. Read again, then repeat.
    """

    def __init__(self, send: Send, org_path: str) -> None:
        self._send = send
        self._org_path = org_path
        self._usual: set[str] = set()

    def update_org(self, body: Body) -> dict[str, Any]:
        """Changes the organisation by POST `O/`, or PUT where that answers 405; the organisation as it then is."""
        return object_of(self._documented_or("PUT", self._org_path, body, kind="org"))

    def create(self, resource: Resource, body: Body) -> dict[str, Any]:
        """A new record by POST on its list: the document's `POST …/:id` has no id yet. Returns the record.

        Never repeated by itself: after a TransientError with `sent` nobody knows whether it was made.
        """
        path = self._list_path(resource)
        return object_of(self._send("POST", path, json=dict(body), repeatable=False, expect_json=True))

    def update(self, resource: Resource, record_id: int, body: Body) -> dict[str, Any]:
        """Changes the fields in `body` by POST `…/:id/`, or PATCH where that answers 405; the record as it then is."""
        path = f"{self._list_path(resource)}{record_id:d}/"
        return object_of(self._documented_or("PATCH", path, body, kind=resource))

    def delete(self, resource: Resource, record_id: int) -> None:
        """Deletes the record. May run twice: one that is gone already is deleted."""
        path = f"{self._list_path(resource)}{record_id:d}/"
        try:
            self._send("DELETE", path, repeatable=False, expect_json=False)
        except NotFound:
            return

    def _list_path(self, resource: Resource) -> str:
        if resource not in WRITABLE:
            raise ValueError(f"OpenSolar's {resource} are not written here.")
        return f"{self._org_path}{resource}/"

    def _documented_or(self, usual: str, path: str, body: Body, *, kind: str) -> Answer:
        if kind not in self._usual:
            try:
                return self._send("POST", path, json=dict(body), repeatable=False, expect_json=True)
            except MethodNotAllowed:
                self._usual.add(kind)
        return self._send(usual, path, json=dict(body), repeatable=False, expect_json=True)
