"""The installer's team over the API."""

from __future__ import annotations

from portal.api.filters import Switch, Words
from portal.api.records import MirroredSerializer, Records, mirrored_columns
from projects.access import visible_roles
from projects.api.filters import OpenSolarFilters
from projects.models import Role


class RoleSerializer(MirroredSerializer):
    """A member of the installer's team."""

    class Meta:
        model = Role
        fields = (*mirrored_columns(Role, without=["membership"]), "payload")


class RoleFilters(OpenSolarFilters):
    """Filters of roles."""

    email = Words(field_name="email", lookup_expr="iexact", help_text="The whole address, any case.")
    is_admin = Switch(field_name="is_admin", help_text="Administrators of the OpenSolar account.")
    is_hidden = Switch(field_name="is_hidden", help_text="Hidden in OpenSolar; listed unless filtered out.")


ROLES = Records(
    name="roles",
    about="The team as OpenSolar knows it, hidden roles included. `opensolar_id` is the number in a role's address.",
    model=Role,
    serializer=RoleSerializer,
    visible=visible_roles,
    filters=RoleFilters,
)
