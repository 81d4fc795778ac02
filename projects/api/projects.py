"""Projects over the API, each with its contacts, the people assigned to it, and its systems' ids."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_scopes import scope
from rest_framework import serializers

from portal.access import Access
from portal.api.filters import Moment, Switch, WholeNumber, Words
from portal.api.parameters import Wanted
from portal.api.prepared import Prepared
from portal.api.records import MirroredSerializer, Records, Row, mirrored_columns
from portal.models import Organisation
from projects.access import visible_projects
from projects.api.filters import OpenSolarFilters
from projects.models import Project, ProjectContact, Role, System

ASSIGNED = [(ref.removesuffix("_ref"), ref) for ref in Project.ROLE_REFS]
CONTACT = ("id", "opensolar_id", "display", "email", "phone")


class ProjectContactSerializer(serializers.Serializer[Any]):
    """A project's contact, in short."""

    id = serializers.IntegerField(read_only=True)
    opensolar_id = serializers.IntegerField(read_only=True)
    display = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    phone = serializers.CharField(read_only=True)


class AssignedRoleSerializer(serializers.Serializer[Any]):
    """Someone assigned to a project, in short."""

    id = serializers.IntegerField(read_only=True)
    opensolar_id = serializers.IntegerField(read_only=True)
    display = serializers.CharField(read_only=True)


class ProjectSerializer(MirroredSerializer):
    """One roof to be sold, designed, built: OpenSolar's project."""

    assigned_role = AssignedRoleSerializer(read_only=True, allow_null=True)
    assigned_salesperson_role = AssignedRoleSerializer(read_only=True, allow_null=True)
    assigned_designer_role = AssignedRoleSerializer(read_only=True, allow_null=True)
    assigned_site_inspector_role = AssignedRoleSerializer(read_only=True, allow_null=True)
    assigned_installer_role = AssignedRoleSerializer(read_only=True, allow_null=True)
    contacts = ProjectContactSerializer(many=True, read_only=True, help_text="In OpenSolar's order.")
    systems = serializers.ListField(child=serializers.IntegerField(), read_only=True, help_text="Ids of its systems.")

    class Meta:
        model = Project
        fields = (
            *mirrored_columns(Project, without=["search_text"]),
            *(name for name, _ in ASSIGNED),
            *("contacts", "systems", "payload"),
        )


class ProjectFilters(OpenSolarFilters):
    """Filters of projects."""

    q = Words(method="search", help_text="Part of a name, address, identifier, e-mail or phone, any case.")
    identifier = Words(field_name="identifier", help_text="The installer's own number, as written.")
    stage = WholeNumber(
        field_name="stage", help_text="0 presale, 1 lock pricing, 2 sold, 3 installed, 4 others; older accounts differ."
    )
    is_sold = Switch(field_name="is_sold", help_text="Whether a system was sold.")
    assigned_role = WholeNumber(field_name="assigned_role_ref", help_text="OpenSolar's number of the role.")
    state = Words(field_name="state", lookup_expr="iexact", help_text="State of the address, any case.")
    locality = Words(field_name="locality", lookup_expr="iexact", help_text="Town of the address, any case.")
    country_iso2 = Words(field_name="country_iso2", lookup_expr="iexact", help_text="Two letters, any case.")
    created_after = Moment(
        field_name="created_date", lookup_expr="gte", help_text="Created in OpenSolar at or after this time."
    )

    def search(self, projects: QuerySet[Project], name: str, text: str) -> QuerySet[Project]:
        """Looks for the words as they stand."""
        return projects.filter(search_text__contains=text.lower())


def _contacts(organisation: int, connections: int, projects: int) -> QuerySet[Any, Any]:
    with scope(organisation=Organisation(pk=organisation)):
        links = ProjectContact.objects.filter(
            connection_id__in=[connections], project_ref__in=[projects], contact__id__isnull=False
        )
    gone = ("contact__removed_at", "contact__withheld_at")
    columns = (f"contact__{name}" for name in CONTACT)
    return links.order_by("position", "id").values_list("connection_id", "project_ref", *gone, *columns)


def _systems(organisation: int, connections: int, projects: int) -> QuerySet[Any, Any]:
    with scope(organisation=Organisation(pk=organisation)):
        systems = System.objects.filter(connection_id__in=[connections], project_ref__in=[projects])
    return systems.order_by("order", "id").values_list(
        "connection_id", "project_ref", "removed_at", "withheld_at", "id"
    )


def _people(organisation: int, connections: int, roles: int) -> QuerySet[Any, Any]:
    """Whoever is named stays named, even when OpenSolar has removed or hidden the role."""
    with scope(organisation=Organisation(pk=organisation)):
        found = Role.objects.filter(connection_id__in=[connections], opensolar_id__in=[roles])
    return found.values_list("connection_id", "opensolar_id", "id", "display")


contacts_of, systems_of, people_of = Prepared(_contacts), Prepared(_systems), Prepared(_people)


def complete(rows: list[Row], access: Access, wanted: Wanted) -> None:
    """Contacts, assigned people and systems of all rows, a query each."""
    among = {"organisation": access.organisation.pk, "connections": {row["connection"] for row in rows}}
    projects = [row["opensolar_id"] for row in rows]
    roles = {row[ref] for row in rows for _, ref in ASSIGNED} - {None}
    people = {
        (connection, number): {"id": pk, "opensolar_id": number, "display": display}
        for connection, number, pk, display in people_of.rows(**among, roles=roles)
    }
    by_project = {(row["connection"], row["opensolar_id"]): row for row in rows}
    for row in rows:
        row.update({name: people.get((row["connection"], row[ref])) for name, ref in ASSIGNED}, contacts=[], systems=[])
    # Numbers of one connection may be those of other projects, which this page does not show, at another.
    for connection, number, removed_at, withheld_at, *values in contacts_of.rows(**among, projects=projects):
        shown = by_project.get((connection, number))
        if shown and (wanted.removed or (removed_at is None and withheld_at is None)):
            shown["contacts"].append(dict(zip(CONTACT, values, strict=True)))
    for connection, number, removed_at, withheld_at, pk in systems_of.rows(**among, projects=projects):
        shown = by_project.get((connection, number))
        if shown and (wanted.removed or (removed_at is None and withheld_at is None)):
            shown["systems"].append(pk)


PROJECTS = Records(
    name="projects",
    about=(
        "OpenSolar's projects. Administrators and sales see all; inspectors and installers those that name them. "
        "`lat`, `lon` in degrees, `timezone_offset` in hours, `usage_annual_or_guess` in kWh."
    ),
    model=Project,
    serializer=ProjectSerializer,
    visible=visible_projects,
    filters=ProjectFilters,
    complete=complete,
)
