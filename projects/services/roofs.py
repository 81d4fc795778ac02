"""Kinds of roof by OpenSolar's numbers (document 000, Roof Types), in its words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ROOFS = {
    6: gettext_lazy("Composition / Asphalt Shingle"),
    7: gettext_lazy("Flat Concrete"),
    8: gettext_lazy("Flat Foam"),
    9: gettext_lazy("Membrane EPDM"),
    10: gettext_lazy("Membrane PVC"),
    11: gettext_lazy("Membrane TPO"),
    12: gettext_lazy("Metal Decramastic"),
    13: gettext_lazy("Metal Shingle"),
    14: gettext_lazy("Metal Standing Seam"),
    15: gettext_lazy("Metal Stone Coated"),
    16: gettext_lazy("Metal Tin"),
    17: gettext_lazy("Tar and Gravel / Bitumen"),
    18: gettext_lazy("Thatched"),
    19: gettext_lazy("Tile Clay"),
    20: gettext_lazy("Tile Concrete"),
    21: gettext_lazy("Tile Slate"),
    22: gettext_lazy("Wood/Shake Shingle"),
    23: gettext_lazy("Other"),
    24: gettext_lazy("Kliplock"),
}


def roof_name(number: int | None) -> str:
    """The kind of roof; a number that the document does not know is shown as it is."""
    if number is None:
        return ""
    return str(ROOFS.get(number) or _("OpenSolar roof type %(number)s") % {"number": number})
