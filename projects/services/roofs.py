"""Kinds of roof by OpenSolar's numbers (document 000, Roof Types)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ROOFS = {
    6: gettext_lazy("Composition or asphalt shingle"),
    7: gettext_lazy("Flat concrete"),
    8: gettext_lazy("Flat foam"),
    9: gettext_lazy("EPDM membrane"),
    10: gettext_lazy("PVC membrane"),
    11: gettext_lazy("TPO membrane"),
    12: gettext_lazy("Metal, Decramastic"),
    13: gettext_lazy("Metal shingle"),
    14: gettext_lazy("Metal, standing seam"),
    15: gettext_lazy("Metal, stone coated"),
    16: gettext_lazy("Metal, tin"),
    17: gettext_lazy("Tar and gravel or bitumen"),
    18: gettext_lazy("Thatched"),
    19: gettext_lazy("Clay tile"),
    20: gettext_lazy("Concrete tile"),
    21: gettext_lazy("Slate tile"),
    22: gettext_lazy("Wood or shake shingle"),
    23: gettext_lazy("Another kind"),
    24: gettext_lazy("Kliplock"),
}


def roof_name(number: int | None) -> str:
    """The kind of roof; a number that the document does not know is shown as it is."""
    if number is None:
        return ""
    return str(ROOFS.get(number) or _("OpenSolar roof type %(number)s") % {"number": number})
