"""Reads the mails that Django's file backend wrote; what is no mail is left out, however broken."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.utils.html import strip_tags

# The line that the backend writes behind each mail.
RULE = b"-" * 79
SHOWN = 200
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail; `name` is its place in the folder."""

    name: str
    to: str
    sender: str
    subject: str
    at: datetime
    text: str


def letters(folder: str | None) -> list[Letter]:
    """The newest mails, the last written first."""
    found: list[Letter] = []
    for path in _files(folder):
        found += _letters_of(path)
        if len(found) >= SHOWN:
            break
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def letter(folder: str | None, name: str) -> Letter | None:
    """The mail of that name; None where there is none."""
    file = name.rpartition("-")[0]
    for path in _files(folder):
        if path.stem == file:
            return next((one for one in _letters_of(path) if one.name == name), None)
    return None


def _files(folder: str | None) -> list[Path]:
    if not folder or not Path(folder).is_dir():
        return []
    return sorted(Path(folder).glob("*.log"), key=lambda path: path.name, reverse=True)


def _letters_of(path: Path) -> Iterator[Letter]:
    try:
        whole, written = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return
    for number, raw in enumerate(part for part in whole.split(b"\n" + RULE + b"\n") if part.strip()):
        try:
            yield _letter(f"{path.stem}-{number}", email.message_from_bytes(raw, policy=default), written)
        except (ValueError, LookupError, AttributeError, TypeError):
            # Whatever lies in the folder: a file that the parser stumbles over is no mail.
            continue


def _letter(name: str, message: Message, written: datetime) -> Letter:
    """Raises ValueError for what has no recipient."""
    if not message["To"]:
        raise ValueError
    return Letter(
        name=name,
        to=str(message["To"]),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        at=_when(message, written),
        text=_text(message)[:LONGEST_TEXT],
    )


def _when(message: Message, written: datetime) -> datetime:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return written
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(message: Message) -> str:
    if not isinstance(message, EmailMessage):
        return ""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    content = str(part.get_content())
    return strip_tags(content) if part.get_content_subtype() == "html" else content
