"""What the engine's books say, in an administrator's words: states, counts, progress, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.models import Connection, ConnectionState, RunState, SyncProblem, SyncRun
from portal.registry import registry
from portal.templatetags.numbers import figure

CONNECTION_TONES = {
    ConnectionState.NEW: "info",
    ConnectionState.WELL: "well",
    ConnectionState.UNREACHABLE: "watch",
    ConnectionState.CREDENTIALS: "act",
    ConnectionState.PLAN: "act",
    ConnectionState.FORBIDDEN: "act",
    ConnectionState.PAUSED: "",
}
RUN_TONES = {
    RunState.QUEUED: "info",
    RunState.RUNNING: "info",
    RunState.SUCCESS: "well",
    RunState.PARTIAL: "watch",
    RunState.FAILED: "act",
}
PROBLEM_TONES = {
    SyncProblem.What.RECORD: "act",
    SyncProblem.What.FETCH: "watch",
    SyncProblem.What.WITHHELD: "watch",
    SyncProblem.What.REMOVALS: "wait",
}
WITHHELD = gettext_lazy("The record as it came may hold prices and costs, which you may not see.")


def vendor_label(vendor: str) -> str:
    """The vendor as it calls itself; its short name where no app knows it any more."""
    source = registry.sources.get(vendor)
    return source.setup.label if source else vendor


def records(vendor: str, name: str, number: int = 2) -> str:
    """What the records of a resource or part are called: "projects", for one "project"."""
    source = registry.sources.get(vendor)
    resource = next((found for found in source.resources if found.name == name), None) if source else None
    if resource is None:
        return name.replace("_", " ")
    meta = resource.model._meta
    return str(meta.verbose_name if number == 1 else meta.verbose_name_plural)


def looked_at(counts: Mapping[str, Mapping[str, int]], vendor: str) -> list[str]:
    """One sentence a resource: "1,284 projects looked at, 12 changed, 1 not taken in"."""
    return [_sentence(records(vendor, name, of["fetched"]), of) for name, of in counts.items() if any(of.values())]


def summed_up(counts: Mapping[str, Mapping[str, int]]) -> str:
    """The same over all resources, for a row in a list; empty where nothing was counted."""
    total: dict[str, int] = {}
    for of in counts.values():
        for what, number in of.items():
            total[what] = total.get(what, 0) + number
    if not any(total.values()):
        return ""
    return _sentence(ngettext("record", "records", total["fetched"]), total)


def _sentence(noun: str, of: Mapping[str, int]) -> str:
    asked = of.get("fetched", 0)
    said = [_("%(number)s %(records)s looked at") % {"number": figure(asked), "records": noun}] if asked else [noun]
    happened = [
        (of.get("created", 0), _("%s new")),
        (of.get("updated", 0), _("%s changed")),
        (of.get("removed", 0), _("%s removed")),
        (of.get("failed", 0), _("%s not taken in")),
        (of.get("deferred", 0), _("%s still waiting")),
    ]
    said += [words % figure(number) for number, words in happened if number]
    return ", ".join(said) if len(said) > 1 else _("%s, nothing changed") % said[0]


def waiting(vendor: str, parts: Iterable[tuple[str, int]]) -> list[str]:
    """What still waits to be asked for singly: "312 projects in full"."""
    source = registry.sources.get(vendor)
    listed = {resource.name for resource in source.resources} if source else set()
    return [
        (_("%(number)s %(records)s in full") if part in listed else "%(number)s %(records)s")
        % {"number": figure(number), "records": records(vendor, part, number)}
        for part, number in parts
        if number
    ]


def not_offered(connection: Connection) -> list[tuple[str, str, str]]:
    """Optional calls that are switched off: the part, its name in words, and why."""
    off: Mapping[str, Any] = connection.switched_off
    return [(part, records(connection.vendor, part).capitalize(), str(why)) for part, why in off.items()]


def duration(seconds: float) -> str:
    """ "42 s", "3 min", "1 h 20 min": as precise as anybody plans with."""
    if seconds < 90:
        return _("%d s") % max(round(seconds), 1)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%d min") % minutes
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def took(run: SyncRun) -> str:
    """How long an ended run worked; empty while that is not known."""
    if not run.started_at or not run.finished_at:
        return ""
    return duration((run.finished_at - run.started_at).total_seconds())


def position(run: SyncRun) -> str:
    """ "page 12 of about 40": the total is what the last listing had, if there was one."""
    at: Mapping[str, Any] = run.progress
    page, pages = int(at.get("page") or 0), int(at.get("pages") or 0)
    if not page:
        return ""
    if pages >= page:
        return _("page %(page)s of about %(pages)s") % {"page": figure(page), "pages": figure(pages)}
    return _("page %(page)s") % {"page": figure(page)}


def pace(run: SyncRun) -> str:
    """ "1,200 records · 340 a second · about 40 s left", as far as it is known."""
    at: Mapping[str, Any] = run.progress
    said = []
    if at.get("records"):
        number = int(at["records"])
        said.append(f"{figure(number)} {ngettext('record', 'records', number)}")
    if at.get("rate"):
        said.append(_("%s a second") % figure(at["rate"]))
    if at.get("seconds_left"):
        said.append(_("about %s left") % duration(float(at["seconds_left"])))
    return " · ".join(said)
