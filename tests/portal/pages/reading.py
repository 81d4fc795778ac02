"""Reads a page as a person does: its words, and what its buttons would send."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

SPACES = re.compile(r"\s+")
TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def words(answer: Any) -> str:
    """The text of a page that was given (200), its spaces evened out."""
    assert answer.status_code == 200, answer.status_code
    return plain(answer.content.decode())


def plain(html: str) -> str:
    """Text without tags."""
    return SPACES.sub(" ", unescape(TAGS.sub(" ", html))).replace(" ,", ",").replace(" .", ".").strip()


def buttons(answer: Any) -> set[str]:
    """Where the forms of a page lead, without the frame's own."""
    return set(re.findall(r'<form[^>]*method="post"[^>]*action="(/connections/[^"]+)"', answer.content.decode()))
