"""JSON that OpenSolar writes inside a string (`configuration_json`, a component's `data`)."""

from typing import Any

import orjson

from portal.lib.redaction import strip_secrets

# Deeper than any such text is; databases and encoders each end somewhere beyond.
_DEEPEST = 40


def object_inside(value: Any) -> dict[str, Any] | None:
    """The object in a text, or the one that came as it is; None where there is none, however broken the text.

    Secrets are left out, and the character NUL, which no database keeps.
    """
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    if not isinstance(value, dict):
        return None
    try:
        clean: dict[str, Any] = strip_secrets(_storable(value, 0))
    except ValueError:
        return None
    return clean


def _storable(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {key.replace("\0", ""): _storable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    return value
