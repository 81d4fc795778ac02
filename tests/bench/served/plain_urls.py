"""A ModelViewSet as first written: nested serializers, queries for every row, page numbers with a count."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_scopes import scope
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from portal.api.records import mirrored_columns
from projects.models import Contact, Project, Role


class RoleSerializer(serializers.ModelSerializer[Role]):
    class Meta:
        model = Role
        fields = ("id", "opensolar_id", "display")


class ContactSerializer(serializers.ModelSerializer[Contact]):
    class Meta:
        model = Contact
        fields = ("id", "opensolar_id", "display", "email", "phone")


class ProjectSerializer(serializers.ModelSerializer[Project]):
    assigned_role = RoleSerializer()
    assigned_salesperson_role = RoleSerializer()
    assigned_designer_role = RoleSerializer()
    assigned_site_inspector_role = RoleSerializer()
    assigned_installer_role = RoleSerializer()
    contacts = serializers.SerializerMethodField()
    systems = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = (
            *mirrored_columns(Project, without=["search_text"]),
            *(name.removesuffix("_ref") for name in Project.ROLE_REFS),
            *("contacts", "systems"),
        )

    def get_contacts(self, project: Project) -> Any:
        links = project.contact_links.order_by("position")  # type: ignore[attr-defined]
        return ContactSerializer([link.contact for link in links], many=True).data

    def get_systems(self, project: Project) -> list[int]:
        return [system.pk for system in project.systems.order_by("order", "id")]  # type: ignore[attr-defined]


class FiftyRows(PageNumberPagination):
    page_size = 50


class ProjectViewSet(ReadOnlyModelViewSet[Project]):
    serializer_class = ProjectSerializer
    pagination_class = FiftyRows
    renderer_classes = [JSONRenderer]

    def get_queryset(self) -> QuerySet[Project]:
        people = [name.removesuffix("_ref") for name in Project.ROLE_REFS]
        rows = Project.objects.filter(removed_at=None, withheld_at=None).select_related(*people)
        return rows.order_by("id")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with scope(organisation=request.auth.organisation):  # type: ignore[union-attr]
            return super().list(request, *args, **kwargs)


router = DefaultRouter()
router.register("projects", ProjectViewSet, basename="project")
urlpatterns = router.urls
