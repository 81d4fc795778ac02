"""Takes secrets out of addresses before they reach a log or an error report: a link for one person is a key, and the
address to which a vendor reports holds one."""

from __future__ import annotations

import logging
import re
from typing import Any

from portal.lib.redaction import REMOVED

# Also where the address is a part of another one's query: /accounts/login/?next=%2Finvitations%2F….
_SECRET_LINK = re.compile(
    r"""(?ix)((?:invitations|welcome(?:/|%2F)start|webhooks(?:/|%2F)\w+|password(?:/|%2F)reset(?:/|%2F)key)(?:/|%2F))
    (?!<)[^/%\s"'?&<>]+"""
)


def without_secret_links(value: Any) -> Any:
    """Text, or whatever holds texts, with the secret part of such addresses taken out."""
    if isinstance(value, str):
        return _SECRET_LINK.sub(rf"\1{REMOVED}", value)
    if isinstance(value, dict):
        return {key: without_secret_links(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_secret_links(inner) for inner in value]
    return value


class Line(logging.Formatter):
    """A line of the log, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return str(without_secret_links(super().format(record)))
