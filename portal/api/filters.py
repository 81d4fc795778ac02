"""What every list can be narrowed by, and filters that refuse rubbish instead of ignoring it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, FilterSet, IsoDateTimeFilter, NumberFilter
from drf_spectacular.utils import extend_schema_field

from portal.api.parameters import SWITCHES

BIGGEST = 2**63 - 1
LONGEST = 500  # characters; databases refuse patterns without end


class MomentField(forms.CharField):
    """ISO 8601; without an offset it is UTC."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Write a time as ISO 8601, for example 2026-11-20T12:00:00Z.")) from error


class SwitchField(forms.CharField):
    """True or false, in the two ways that JSON and query strings know."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if text.lower() not in SWITCHES:
            raise ValidationError(_("Write true or false."))
        return SWITCHES[text.lower()]


class Moment(IsoDateTimeFilter):
    """A time; see MomentField."""

    field_class = MomentField


class Switch(BooleanFilter):
    """True or false; see SwitchField."""

    field_class = SwitchField


class Words(CharFilter):
    """A text of sensible length."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST, **kwargs})


class WholeNumber(NumberFilter):
    """An integer that fits the database."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_value": -BIGGEST, "max_value": BIGGEST, **kwargs})
        extend_schema_field({"type": "integer", "description": kwargs.get("help_text", "")})(self)


class RecordFilters(FilterSet):
    """Filters of every mirrored record."""

    connection = WholeNumber(field_name="connection_id", help_text="Id of a connection, see `org`.")
    updated_since = Moment(
        field_name="changed_at",
        lookup_expr="gte",
        help_text="Records whose content changed here at or after this time (ISO 8601; without an offset UTC).",
    )
