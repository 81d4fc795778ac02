"""Private files over the API: what there is. What is in them is opened on the portal's pages, for people."""

from __future__ import annotations

from rest_framework import serializers

from portal.api.filters import Switch, Words
from portal.api.records import MirroredSerializer, Records, mirrored_columns
from projects.access import visible_files
from projects.api.filters import ProjectPartFilters
from projects.models import PrivateFile


class FileSerializer(MirroredSerializer):
    """A file that OpenSolar keeps with a project."""

    project = serializers.IntegerField(
        source="project.id", read_only=True, allow_null=True, help_text="The portal's id of its project."
    )
    tags = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="Titles of its tags.")

    class Meta:
        model = PrivateFile
        fields = (*mirrored_columns(PrivateFile), "project", "payload")


class FileFilters(ProjectPartFilters):
    """Filters of files."""

    title = Words(field_name="title", lookup_expr="icontains", help_text="Part of the title, any case.")
    status = Words(field_name="status", help_text="OpenSolar's state of the file, as written.")
    show_customer = Switch(field_name="show_customer", help_text="Whether customers are shown it.")
    temporary = Switch(field_name="temporary", help_text="Whether OpenSolar calls it temporary.")


FILES = Records(
    name="files",
    about=(
        "Private files of projects by name, `filesize` in bytes. OpenSolar's links to their contents live one hour "
        "and are kept nowhere: they are opened on a project's page."
    ),
    model=PrivateFile,
    serializer=FileSerializer,
    visible=visible_files,
    filters=FileFilters,
)
