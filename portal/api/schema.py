"""The OpenAPI document of the API and its rendered pages, made of the same declarations as the answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers

REMOVED = OpenApiParameter("removed", bool, description="1: removed and withheld records as well.")
PAYLOAD = OpenApiParameter(
    "payload", bool, description="1 (administrators): adds `payload`, the vendor's object as last received."
)


class Refusal(serializers.Serializer[Any]):
    """Why a request was not answered, in a sentence."""

    detail = serializers.CharField(read_only=True)


MISTAKE = OpenApiResponse(
    OpenApiTypes.OBJECT, "A parameter cannot be: a sentence in `detail`, or sentences under the name of the filter."
)
REFUSALS = {400: MISTAKE, 401: Refusal, 404: Refusal}


class RecordSchema(AutoSchema):
    """Describes the views of `portal.api.reading` by their declaration."""

    view: Any

    def get_summary(self) -> str | None:
        if self.method != "GET":
            return None
        return f"{'List' if self._lists else 'One of the'} {self.view.records.name}"

    def get_description(self) -> str:  # type: ignore[override]
        return str(self.view.records.about) if self.method == "GET" else super().get_description()

    def get_override_parameters(self) -> list[Any]:
        return [REMOVED, PAYLOAD] if self.view.records.is_mirrored and self.method == "GET" else []

    def get_response_serializers(self) -> Any:
        if self.method != "GET":
            return super().get_response_serializers()
        record = self.view.records.serializer
        refusals = {403: Refusal, **REFUSALS} if self.view.records.is_mirrored else REFUSALS
        return {200: record(many=self._lists), **refusals}

    @property
    def _lists(self) -> bool:
        return "{" not in self.path


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, as JSON unless YAML is asked for; open to all, it tells nothing of any organisation."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]


class DocsView(SpectacularSwaggerSplitView):
    """The document, rendered; everything it needs is served from here."""

    url_name = "api_schema"
    template_name = "portal/api/docs.html"
