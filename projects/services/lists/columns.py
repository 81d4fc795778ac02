"""The columns that a list of projects can show, in page and file alike, and which of them a person chose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Access
from projects.models import ListChoice
from projects.services.lists.criteria_reading import LONGEST_SEARCH, MOST_SAID, shown


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` in addresses, `label` in its head and in the menu; `role` names the link it shows, if any."""

    name: str
    label: Any
    role: str = ""
    needs_prices: bool = False
    needs_contact: bool = False


ALL = (
    Column("customer", gettext_lazy("Customer")),
    Column("stage", gettext_lazy("Stage")),
    Column("system", gettext_lazy("System")),
    Column("panels", gettext_lazy("Panels")),
    Column("price", gettext_lazy("Price"), needs_prices=True),
    Column("kwh", gettext_lazy("kWh a year")),
    Column("owner", gettext_lazy("Owner"), role="assigned_role"),
    Column("salesperson", gettext_lazy("Salesperson"), role="assigned_salesperson_role"),
    Column("designer", gettext_lazy("Designer"), role="assigned_designer_role"),
    Column("inspector", gettext_lazy("Inspector"), role="assigned_site_inspector_role"),
    Column("installer", gettext_lazy("Installer"), role="assigned_installer_role"),
    Column("lead", gettext_lazy("Lead source")),
    Column("created", gettext_lazy("Created")),
    Column("sold", gettext_lazy("Sold on")),
    Column("installation", gettext_lazy("Installation")),
    Column("activity", gettext_lazy("Activity")),
    Column("phone", gettext_lazy("Phone"), needs_contact=True),
    Column("email", gettext_lazy("E-mail"), needs_contact=True),
    Column("locality", gettext_lazy("Town")),
    Column("state", gettext_lazy("State")),
    Column("postcode", gettext_lazy("Postcode")),
    Column("number", gettext_lazy("OpenSolar id")),
)
BY_NAME = {column.name: column for column in ALL}
ALWAYS = "customer"
DEFAULT = ("customer", "stage", "system", "price", "kwh", "owner", "created", "activity")


def read_columns(value: str, prices: bool, hints: list[str]) -> tuple[str, ...]:
    """The columns that an address names ("stage,price"), in its order, each once; empty where it names none."""
    names = list(dict.fromkeys(name for name in value.split(",") if name))
    unknown = [name for name in names if name not in BY_NAME]
    for name in unknown[:MOST_SAID]:
        hints.append(_("There is no column “%(value)s”; it was left out.") % shown("", name[:LONGEST_SEARCH]))
    if not prices and any(BY_NAME[name].needs_prices for name in names if name in BY_NAME):
        hints.append(_("You do not see prices, so that column was left out."))
    found = [name for name in names if name in BY_NAME and (prices or not BY_NAME[name].needs_prices)]
    return _with_customer_first(found) if found else ()


def columns_for(access: Access, asked: Sequence[str]) -> list[Column]:
    """The columns that a list shows: those asked for, else those chosen last, else the usual ones; as rights allow."""
    names = asked or remembered(access) or DEFAULT
    columns = [BY_NAME[name] for name in names if name in BY_NAME]
    return [column for column in columns if access.sees_prices or not column.needs_prices]


def choosable(access: Access) -> list[Column]:
    """What the menu of columns offers to this person."""
    return [c for c in ALL if c.name != ALWAYS and (access.sees_prices or not c.needs_prices)]


def remembered(access: Access) -> tuple[str, ...]:
    """The columns that the person chose last; those that have gone since, left out."""
    found = ListChoice.objects.filter(membership=access.membership).values_list("columns", flat=True).first()
    return _with_customer_first(name for name in found if name in BY_NAME) if isinstance(found, list) and found else ()


def remember(access: Access, columns: Sequence[str]) -> None:
    """Keeps a person's choice; may run twice."""
    ListChoice.objects.update_or_create(
        membership=access.membership, defaults={"organisation": access.organisation, "columns": list(columns)}
    )


def _with_customer_first(names: Iterable[str]) -> tuple[str, ...]:
    return (ALWAYS, *(name for name in names if name != ALWAYS))
