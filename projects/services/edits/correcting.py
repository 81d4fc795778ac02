"""Correcting a refused edit: what it wanted beside the fields of the form goes with the corrected one."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from portal.models import Delivery
from projects.services.edits.projects import Seen


def seen_before(refused: Delivery | None, now: Seen) -> Seen:
    """What its author had seen of what they wanted; of everything else what there is now.

    The form shows what was wanted, not what stands there by now: a change by somebody else since then is met when the
    edit is sent, instead of being overwritten.
    """
    before = {name: refused.base[name] for name in refused.body if name in refused.base} if refused else {}
    return Seen({**now.values, **before}, refused.base_modified) if refused and before else now


def left_over(refused: Delivery | None, shown: Container[str]) -> dict[str, Any]:
    """What it wanted of fields that the form does not show."""
    return {name: value for name, value in refused.body.items() if name not in shown} if refused else {}
