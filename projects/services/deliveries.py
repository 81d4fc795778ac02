"""OpenSolar's delivery log, narrowed by what an administrator asks, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Connection
from projects.models import WebhookLog

PAGE, AT_ONCE = 50, 500
OUTCOMES = {
    "failed": gettext_lazy("Not delivered"),
    "missed": gettext_lazy("Never arrived here"),
    "arrived": gettext_lazy("Arrived here"),
}
_NARROWED = {"failed": Q(successful=False), "missed": Q(arrived=False), "arrived": Q(arrived=True)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: an outcome, a kind of record, words or a number; `before` is where the page begins."""

    outcome: str = ""
    model: str = ""
    words: str = ""
    before: int = 0

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.outcome or self.model or self.words)

    def query(self, before: int = 0) -> str:
        """The same as a query string, from another line on."""
        values = {"outcome": self.outcome, "model": self.model, "q": self.words, "before": before}
        return "?" + urlencode({name: str(value) for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, and where the earlier ones begin."""

    lines: Sequence[WebhookLog]
    earlier_url: str


def read(params: Mapping[str, str]) -> Asked:
    """What is asked; what makes no sense asks for nothing."""
    outcome, before = params.get("outcome", ""), params.get("before", "")
    return Asked(
        outcome=outcome if outcome in OUTCOMES else "",
        model=params.get("model", "")[:64].replace("\0", ""),
        words=params.get("q", "").strip()[:200].replace("\0", ""),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else 0,
    )


def page_of(connection: Connection, asked: Asked) -> Page:
    """The newest first."""
    lines = list(_matching(connection, asked, asked.before)[: PAGE + 1])
    more = len(lines) > PAGE
    return Page(lines[:PAGE], asked.query(before=lines[PAGE - 1].opensolar_id) if more else "")


def models(connection: Connection) -> list[str]:
    """Kinds of records that stand in the log."""
    rows = WebhookLog.objects.filter(connection=connection).order_by("model_name")
    return list(rows.values_list("model_name", flat=True).distinct())


def rows(connection: Connection, asked: Asked) -> Iterator[list[str]]:
    """Head and lines of the file, a few hundred at a time."""
    yield [
        *(_("Delivered (UTC)"), _("Record"), _("Id"), _("What"), _("Event"), _("Happened (UTC)")),
        *(_("Successful"), _("Arrived here"), _("Notes")),
    ]
    before = 0
    while True:
        chunk = list(_matching(connection, asked, before)[:AT_ONCE])
        for line in chunk:
            yield [
                _moment(line.created_date),
                line.model_name,
                _number(line.model_pk),
                line.event_name,
                _number(line.event_id),
                _moment(line.event_timestamp),
                _yes(line.successful),
                _yes(line.arrived),
                line.notes,
            ]
        if len(chunk) < AT_ONCE:
            return
        before = chunk[-1].opensolar_id


def _matching(connection: Connection, asked: Asked, before: int) -> QuerySet[WebhookLog]:
    lines = WebhookLog.objects.filter(connection=connection).order_by("-opensolar_id")
    if asked.outcome:
        lines = lines.filter(_NARROWED[asked.outcome])
    if asked.model:
        lines = lines.filter(model_name=asked.model)
    if asked.words:
        found = Q(notes__icontains=asked.words) | Q(event_name__icontains=asked.words)
        if asked.words.isascii() and asked.words.isdecimal() and len(asked.words) < 19:
            found |= Q(model_pk=int(asked.words)) | Q(event_id=int(asked.words))
        lines = lines.filter(found)
    return lines.filter(opensolar_id__lt=before) if before else lines


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _yes(value: bool | None) -> str:
    return "" if value is None else (_("yes") if value else _("no"))
