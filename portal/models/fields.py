"""A JSON field that is encrypted at rest, for secrets that have to be read again."""

from typing import Any

import orjson
from django.conf import settings
from django.db import models

from portal.lib.crypto import Cipher


class EncryptedJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON data in the program, a Fernet token in the database; keys are FIELD_ENCRYPTION_KEYS, the first encrypts."""

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return Cipher(settings.FIELD_ENCRYPTION_KEYS).encrypt_text(orjson.dumps(value).decode())

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        if value is None:
            return None
        return orjson.loads(Cipher(settings.FIELD_ENCRYPTION_KEYS).decrypt_text(value))

    def to_python(self, value: Any) -> Any:
        return value
