"""Writing projects and contacts over the API: every act answers 202 with the delivery that carries it to OpenSolar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ParseError, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import parameters
from portal.api.deliveries import DeliverySerializer, shown
from portal.api.reading import RecordDetail, RecordList, RecordView, routes
from portal.api.schema import REFUSALS, Refusal
from portal.models import ChangeSource, Connection, Delivery, Verb
from portal.services.deliveries import may_write
from portal.services.outbox import stored
from projects.api.contacts import CONTACTS
from projects.api.projects import PROJECTS
from projects.api.writing_bodies import ContactBody, NewContactBody, NewProjectBody, ProjectBody
from projects.models import Project
from projects.services.edits import contacts as edits_contacts
from projects.services.edits import projects as edits
from projects.services.edits import stage as edits_stage
from projects.services.edits.checking import Wrong, project_values
from projects.services.edits.projects import Seen

BY_API = ChangeSource.API
ANSWERS = {202: DeliverySerializer, 403: Refusal, **REFUSALS}
NOTHING = OpenApiResponse({"enum": [None], "nullable": True}, "Nothing differs, nothing is sent.")
ABOUT = "Answers with the delivery that carries it to OpenSolar."
ONCE = OpenApiParameter(
    "Idempotency-Key",
    UUID,
    OpenApiParameter.HEADER,
    description=(
        "A UUID that you make for this act, 36 characters: a request that comes again is then the same act. Of the "
        "same person, for the same record, it answers 202 with the same delivery, whatever has changed since, and "
        "does nothing more, as long as that delivery is kept; its fields are not looked at. "
        "With the key of another act it is refused (400), as is one that is no UUID. A change of nothing (200) is not "
        "kept: it is judged anew."
    ),
)
NOT_FIELDS = ("connection", "modified_date", "confirm_backwards")


class _Writing(RecordView):
    """What all of these views share."""

    def given(self) -> dict[str, Any]:
        """The body, an object; for those who may write and without parameters."""
        if not may_write(self.access):
            raise PermissionDenied(_("Writing is for sales staff and administrators."))
        parameters.check(self.request, ())
        if not isinstance(self.request.data, dict):
            raise ParseError(_("Send a JSON object."))
        return dict(self.request.data)

    def carry_out(self, verb: Verb, act: Callable[[UUID | None], Delivery | None], pk: int | None = None) -> Response:
        """202 with the delivery, 200 with null where nothing differs, 400 with what is wrong by field.

        The same key again answers with the same delivery, whatever has changed since; `act` is then not called. For
        another act, or of another record than `pk`, it is refused (400).
        """
        once = self.once()
        delivery = stored(once)
        if delivery is not None and not self._made(delivery, verb, pk):
            raise ParseError(_("This Idempotency-Key belongs to another act already: give each act a key of its own."))
        try:
            delivery = delivery or act(once)
        except Wrong as wrong:
            raise ValidationError(wrong.fields) from wrong
        except (edits.Refused, edits_stage.Backwards) as reason:
            raise ValidationError({"detail": [str(reason)]}) from reason
        return Response(shown(delivery, self.access), status=202) if delivery else Response(None, status=200)

    def _made(self, delivery: Delivery, verb: Verb, pk: int | None) -> bool:
        """Whether a delivery may come from this very request, sent before."""
        if (delivery.resource, delivery.verb, delivery.actor_id) != (self.records.name, verb, self.access.user.pk):
            return False
        if pk is None:
            return True
        mine = self.records.visible(self.access, removed=True).filter(pk=pk)
        return mine.filter(connection=delivery.connection_id, opensolar_id=delivery.vendor_id).exists()

    def once(self) -> UUID | None:
        """The caller's key of this act."""
        key = self.request.headers.get("Idempotency-Key", "")
        if not key:
            return None
        try:
            return UUID(key)
        except ValueError as error:
            raise ParseError(_("The Idempotency-Key has to be a UUID.")) from error

    def connection(self, given: dict[str, Any]) -> Connection:
        """The account to write to: the only one, or the one named in the body."""
        choices = edits.connections_of(self.access)
        wanted = given.get("connection")
        found = [one for one in choices if wanted is None or one.pk == wanted]
        if len(found) != 1:
            raise ValidationError({"connection": [_("Name one of your OpenSolar connections, see `org`.")]})
        return found[0]

    def record(self, pk: int) -> Any:
        """The record, if this person sees it."""
        found = self.records.visible(self.access).filter(pk=pk).select_related("connection__organisation").first()
        if found is None:
            raise Http404
        return found


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in NOT_FIELDS}


def _seen(given: dict[str, Any], now: Seen) -> Seen:
    """What the caller saw: our values, and its own `modified_date` where it sends one."""
    text = given.get("modified_date")
    if text is None:
        return now
    try:
        moment = parse_datetime(str(text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValidationError({"modified_date": [_("Write a time as ISO 8601, for example 2026-11-20T12:00:00Z.")]})
    if now.modified and moment < now.modified:
        raise ValidationError({"modified_date": [_("The project was changed since then: read it again.")]})
    return Seen(now.values, moment)


def _stages(project: Project, fields: dict[str, Any]) -> tuple[int | None, int | None]:
    """`stage` and `active_stage_id` as numbers, however they are written; what is wrong is told with all the rest."""
    asked: dict[str, Any] = {name: fields[name] for name in ("stage", "active_stage_id") if name in fields}
    try:
        values = project_values(project.connection, asked, project)
    except Wrong:
        return None, None
    return values.get("stage"), values.get("active_stage_id")


class ProjectList(_Writing, RecordList):
    """Projects, and a new one."""

    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(
        summary="Create a project", description=ABOUT, parameters=[ONCE], request=NewProjectBody, responses=ANSWERS
    )
    def post(self, request: Request) -> Response:
        """Every field of OpenSolar's create body; what is wrong is refused at once, field by field."""
        given = self.given()
        connection = self.connection(given)
        fields = _fields(given)
        return self.carry_out(
            Verb.CREATE, lambda once: edits.create_project(self.access, connection, fields, once=once, source=BY_API)
        )


class ProjectDetail(_Writing, RecordDetail):
    """One project: read, changed, deleted."""

    http_method_names = ["get", "patch", "delete", "head", "options"]

    @extend_schema(
        summary="Change a project",
        description=ABOUT,
        parameters=[ONCE],
        request=ProjectBody,
        responses={200: NOTHING, **ANSWERS},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Only the fields that are sent change. 200 with null where nothing differs."""
        given = self.given()
        return self.carry_out(Verb.CHANGE, lambda once: self._change(self.record(pk), given, once), pk)

    def _change(self, project: Project, given: dict[str, Any], once: UUID | None) -> Delivery | None:
        seen, fields = _seen(given, edits.seen_of(project)), _fields(given)
        stage, workflow_stage = _stages(project, fields)
        in_workflow = seen.values.get("active_stage_id") is not None
        if stage is not None and in_workflow:
            raise Wrong({"stage": [_("This project follows a workflow: write active_stage_id.")]})
        if workflow_stage is not None and not in_workflow:
            raise Wrong({"active_stage_id": [_("This project follows no workflow: write stage.")]})
        if workflow_stage is not None:
            stage = dict(edits_stage.workflow_stages(project.connection)).get(workflow_stage)
        if stage is not None:
            edits_stage.insist_on_forward(seen, stage, confirmed=given.get("confirm_backwards") is True)
        return edits.edit_project(self.access, project, fields, seen, once=once, source=BY_API)

    @extend_schema(summary="Delete a project", description=ABOUT, parameters=[ONCE], request=None, responses=ANSWERS)
    def delete(self, request: Request, pk: int) -> Response:
        """Deletes it at OpenSolar; it stays here, marked as removed."""
        self.given()
        return self.carry_out(
            Verb.DELETE,
            lambda once: edits.delete_project(self.access, self.record(pk), once=once, source=BY_API),
            pk,
        )


class ContactList(_Writing, RecordList):
    """Contacts, and a new one."""

    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(
        summary="Create a contact", description=ABOUT, parameters=[ONCE], request=NewContactBody, responses=ANSWERS
    )
    def post(self, request: Request) -> Response:
        """A customer that belongs to no project yet."""
        given = self.given()
        connection, fields = self.connection(given), _fields(given)
        return self.carry_out(
            Verb.CREATE,
            lambda once: edits_contacts.create_contact(self.access, connection, fields, once=once, source=BY_API),
        )


class ContactDetail(_Writing, RecordDetail):
    """One contact: read, changed, deleted."""

    http_method_names = ["get", "patch", "delete", "head", "options"]

    @extend_schema(
        summary="Change a contact",
        description=ABOUT,
        parameters=[ONCE],
        request=ContactBody,
        responses={200: NOTHING, **ANSWERS},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Only the fields that are sent change. 200 with null where nothing differs."""
        given = self.given()
        return self.carry_out(
            Verb.CHANGE,
            lambda once: edits_contacts.edit_contact(self.access, self.record(pk), given, once=once, source=BY_API),
            pk,
        )

    @extend_schema(summary="Delete a contact", description=ABOUT, parameters=[ONCE], request=None, responses=ANSWERS)
    def delete(self, request: Request, pk: int) -> Response:
        """Deletes it at OpenSolar, from all its projects."""
        self.given()
        return self.carry_out(
            Verb.DELETE,
            lambda once: edits_contacts.delete_contact(self.access, self.record(pk), once=once, source=BY_API),
            pk,
        )


urlpatterns = [*routes(PROJECTS, ProjectList, ProjectDetail), *routes(CONTACTS, ContactList, ContactDetail)]
