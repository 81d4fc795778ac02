"""JSON by orjson: numbers as numbers, times as ISO 8601 UTC ending in Z, stored JSON text passed through."""

from decimal import Decimal
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dumps(data: Any) -> bytes:
    """UTF-8 JSON; Decimals become numbers, lazy texts strings."""
    return orjson.dumps(data, default=_plain, option=OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return dict(value)
    return str(value)


class OrjsonRenderer(BaseRenderer):
    """Renders what views return; `orjson.Fragment` values go out as they are stored."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        # What has a body says so in JSON, `null` as well.
        response = (renderer_context or {}).get("response")
        return b"" if response is not None and response.status_code == 204 else dumps(data)
