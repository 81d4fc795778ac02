"""Bodies of writing requests as the OpenAPI document shows them; what is in them is checked by projects.services."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

ROLE = "A role's OpenSolar number or its address; null for nobody."
GENDERS = [(0, "unset"), (1, "female"), (2, "male")]


class ContactBody(serializers.Serializer[Any]):
    """A customer's own data."""

    first_name = serializers.CharField(required=False, allow_blank=True)
    family_name = serializers.CharField(required=False, allow_blank=True)
    email = serializers.CharField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True)
    date_of_birth = serializers.CharField(required=False, allow_blank=True, help_text="YYYY-MM-DD; never read back.")
    gender = serializers.ChoiceField(choices=GENDERS, required=False)


class NewContactBody(ContactBody):
    """A contact to be made."""

    connection = serializers.IntegerField(required=False, help_text="Needed where there are several.")


class _Fields(serializers.Serializer[Any]):
    """What a project is made of in OpenSolar's create body."""

    identifier = serializers.CharField(required=False, help_text="One's own number; made up where none is given.")
    is_residential = serializers.BooleanField(required=False, allow_null=True)
    lead_source = serializers.CharField(required=False, allow_blank=True)
    notes = serializers.CharField(required=False, allow_blank=True)
    lat = serializers.FloatField(required=False, allow_null=True, help_text="Degrees.")
    lon = serializers.FloatField(required=False, allow_null=True, help_text="Degrees.")
    address = serializers.CharField(required=False, allow_blank=True)
    locality = serializers.CharField(required=False, allow_blank=True)
    state = serializers.CharField(required=False, allow_blank=True)
    country_iso2 = serializers.CharField(required=False, allow_blank=True)
    zip = serializers.CharField(required=False, allow_blank=True)
    number_of_phases = serializers.IntegerField(required=False, allow_null=True)
    roof_type = serializers.CharField(required=False, allow_null=True, help_text="Its number or its address.")
    assigned_role = serializers.CharField(required=False, allow_null=True, help_text=ROLE)
    assigned_installer_role = serializers.CharField(required=False, allow_null=True, help_text=ROLE)
    assigned_site_inspector_role = serializers.CharField(required=False, allow_null=True, help_text=ROLE)
    contacts_new = ContactBody(many=True, required=False, help_text="Customers to be made with it.")


class NewProjectBody(_Fields):
    """A project to be made."""

    connection = serializers.IntegerField(required=False, help_text="Needed where there are several.")


class ProjectBody(_Fields):
    """What changes of a project."""

    contacts = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Its contacts: OpenSolar numbers or addresses."
    )
    stage = serializers.IntegerField(required=False, min_value=0, max_value=4, help_text="Without a workflow only.")
    active_stage_id = serializers.IntegerField(required=False, help_text="The workflow's stage, where there is one.")
    confirm_backwards = serializers.BooleanField(required=False, help_text="A stage moves back only with this.")
    modified_date = serializers.DateTimeField(
        required=False, help_text="The project's, as you saw it: refused when it is not that any more."
    )
