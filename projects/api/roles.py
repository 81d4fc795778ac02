"""The installer's team over the API."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django_filters import ChoiceFilter
from rest_framework.request import Request

from portal.api.filters import Switch, Words
from portal.api.paging import Window
from portal.api.reading import RecordList
from portal.api.records import MirroredSerializer, Records, mirrored_columns
from projects.access import visible_roles
from projects.api.filters import OpenSolarFilters
from projects.api.ordering import OrderedWindow
from projects.models import Role

# OpenSolar's `id` of a role, where it tells one beside the number in the role's address.
_ID = Coalesce("opensolar_object_id", "opensolar_id")
ORDERINGS = {"id": _ID, "-id": _ID, "is_admin": F("is_admin"), "-is_admin": F("is_admin")}


class RoleSerializer(MirroredSerializer):
    """A member of the installer's team."""

    class Meta:
        model = Role
        fields = (*mirrored_columns(Role, without=["membership"]), "payload")


class RoleFilters(OpenSolarFilters):
    """Filters of roles; `ordering` is document 000's, carried out by `RoleList`."""

    email = Words(field_name="email", lookup_expr="iexact", help_text="The whole address, any case.")
    is_admin = Switch(field_name="is_admin", help_text="Administrators of the OpenSolar account.")
    is_hidden = Switch(field_name="is_hidden", help_text="Hidden in OpenSolar; listed unless filtered out.")
    ordering = ChoiceFilter(
        choices=[(name, name) for name in ORDERINGS],
        method="leave",
        help_text="OpenSolar's `id`, or administrators last (`is_admin`); with a minus the other way round.",
    )

    def leave(self, roles: QuerySet[Role], name: str, wanted: str) -> QuerySet[Role]:
        """Leaves nothing out."""
        return roles


class RoleList(RecordList):
    """A page of roles, in the order asked for."""

    def window(self, request: Request) -> Window:
        page = Window.of(request)
        wanted = request.query_params.get("ordering", "")
        if wanted not in ORDERINGS:
            # What is no order the filters refuse.
            return page
        rank = ORDERINGS[wanted]
        return OrderedWindow(page.size, page.edge, page.backward, rank=rank, descending=wanted.startswith("-"))


ROLES = Records(
    name="roles",
    about="The team as OpenSolar knows it, hidden roles included. `opensolar_id` is the number in a role's address.",
    model=Role,
    serializer=RoleSerializer,
    visible=visible_roles,
    filters=RoleFilters,
)
