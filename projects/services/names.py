"""What a project and the people around it are called, everywhere alike."""

from __future__ import annotations

from django.db.models import Case, Expression, F, FilteredRelation, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils.translation import gettext as _

from projects.models import Contact, Project, Role

EMPTY, SPACE = Value("", TextField()), Value(" ", TextField())


def with_customer(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds `customer`: the business, else the first contact, else the title, else the address (or nothing)."""
    contact = "first_link__contact__"
    full_name = Trim(Concat(f"{contact}first_name", SPACE, f"{contact}family_name"))
    person = Case(
        When(
            **{f"{contact}removed_at": None, f"{contact}withheld_at": None},
            then=Coalesce(NullIf(f"{contact}display", EMPTY), NullIf(full_name, EMPTY)),
        )
    )
    names: list[Expression | F] = [NullIf("business_name", EMPTY), person, NullIf("title", EMPTY), F("address")]
    first_link = FilteredRelation("contact_links", condition=Q(contact_links__position=0))
    return projects.annotate(first_link=first_link, customer=Coalesce(*names))


def with_contact(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds `first_phone` and `first_email` of the contact that `with_customer` looked at."""
    there = {"first_link__contact__removed_at": None, "first_link__contact__withheld_at": None}
    return projects.annotate(
        **{
            f"first_{name}": Case(When(**there, then=F(f"first_link__contact__{name}")), output_field=TextField())
            for name in ("phone", "email")
        }
    )


def customer_of(project: Project) -> str:
    """The name of a project from `with_customer`, never empty."""
    name: str = project.customer  # type: ignore[attr-defined]
    return name.strip() or _("Project %(number)s") % {"number": project.opensolar_id}


def place_of(project: Project) -> str:
    """The address in one line; town, state and postcode only where the vendor's address does not hold them yet."""
    line = project.address.strip()
    rest = [part for part in (project.locality, project.state, project.zip) if part and part not in line]
    return ", ".join(part for part in (line, " ".join(rest)) if part)


def subtitle_of(project: Project) -> str:
    """The line below the name: the title, where it says more than name and address do, and the address."""
    place, title = place_of(project), project.title.strip()
    says_more = title and title.lower() not in f"{customer_of(project)} {place}".lower()
    return " · ".join(part for part in (title if says_more else "", place) if part)


def role_name(role: Role | None, number: int | None) -> str:
    """A team member's name; the bare number while OpenSolar has not told us who that is; empty for nobody."""
    if number is None:
        return ""
    return (str(role) if role else "") or _("OpenSolar role %(number)s") % {"number": number}


def mail_of(contact: Contact) -> str:
    """The contact's address, if letters reach it."""
    return real_mail(contact.email)


def real_mail(address: str) -> str:
    """An address that letters reach; OpenSolar makes up `…@os.code` for contacts without one."""
    return "" if address.lower().endswith("@os.code") else address
