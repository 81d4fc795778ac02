"""Which mirrored records a person may see; every view, API route and export starts from these querysets."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.access import Access
from portal.models import Kind, MirroredRecord
from projects.models import (
    Account,
    ComponentActivation,
    Contact,
    Costing,
    Event,
    PaymentOption,
    PricingScheme,
    PrivateFile,
    Project,
    ProjectContact,
    Proposal,
    Role,
    SoldPromise,
    System,
)

R = TypeVar("R", bound=MirroredRecord)
ROLE_SEEN = "_role_seen_by_access"


def visible_projects(access: Access, *, removed: bool = False) -> QuerySet[Project]:
    """Administrators and sales see all; an inspector or installer what names their role; others nothing."""
    projects = _present(Project.objects.all(), removed)
    if access.sees_all_projects:
        return projects
    if access.kind == Kind.UNASSIGNED:
        return projects.none()
    role = _role_of(access)
    if role is None:
        return projects.none()
    named = Q(assigned_site_inspector_role_ref=role[1]) | Q(assigned_installer_role_ref=role[1])
    return projects.filter(named, connection_id=role[0])


def visible_systems(access: Access, *, removed: bool = False) -> QuerySet[System]:
    """Systems of the projects a person may see."""
    systems = _present(System.objects.all(), removed)
    if access.sees_all_projects:
        return systems
    return systems.filter(project__in=visible_projects(access, removed=removed))


def visible_contacts(access: Access, *, removed: bool = False) -> QuerySet[Contact]:
    """Contacts of the projects a person may see."""
    contacts = _present(Contact.objects.all(), removed)
    if access.sees_all_projects:
        return contacts
    links = ProjectContact.objects.filter(project__in=visible_projects(access, removed=removed))
    theirs = links.filter(connection=OuterRef("connection_id"), contact_ref=OuterRef("opensolar_id"))
    return contacts.filter(Exists(theirs))


def visible_proposals(access: Access, *, removed: bool = False) -> QuerySet[Proposal]:
    """Proposals of the projects a person may see; with a project that is gone its proposals go, too."""
    proposals = _present(Proposal.objects.all(), removed)
    if not access.sees_all_projects:
        return proposals.filter(project__in=visible_projects(access, removed=removed))
    return proposals if removed else proposals.filter(project__removed_at=None, project__withheld_at=None)


def visible_promises(access: Access) -> QuerySet[SoldPromise]:
    """What was sold of the projects a person may see."""
    promises = SoldPromise.objects.all()
    return promises if access.sees_all_projects else promises.filter(project__in=visible_projects(access, removed=True))


def visible_events(access: Access, *, removed: bool = False) -> QuerySet[Event]:
    """Events of the projects a person may see; with a project go those that were noted on it."""
    return _of_projects(Event.objects.all(), access, removed)


def visible_files(access: Access, *, removed: bool = False) -> QuerySet[PrivateFile]:
    """Files of the projects a person may see. Names only: whoever may not see prices does not open all of them."""
    return _of_projects(PrivateFile.objects.all(), access, removed)


def visible_roles(access: Access, *, removed: bool = False) -> QuerySet[Role]:
    """The whole team, hidden ones included; who is assigned nowhere sees only themselves."""
    roles = _present(Role.objects.all(), removed)
    if access.kind == Kind.UNASSIGNED:
        return roles.filter(membership=access.membership)
    return roles


def visible_pricing_schemes(access: Access, *, removed: bool = False) -> QuerySet[PricingScheme]:
    """For people who see prices."""
    schemes = _present(PricingScheme.objects.all(), removed)
    return schemes if access.sees_prices else schemes.none()


def visible_payment_options(access: Access, *, removed: bool = False) -> QuerySet[PaymentOption]:
    """For people who see prices."""
    options = _present(PaymentOption.objects.all(), removed)
    return options if access.sees_prices else options.none()


def visible_costings(access: Access, *, removed: bool = False) -> QuerySet[Costing]:
    """For people who see costs: there is nothing else in them."""
    costings = _present(Costing.objects.all(), removed)
    return costings if access.sees_costs else costings.none()


def visible_components(access: Access, *, removed: bool = False) -> QuerySet[ComponentActivation]:
    """The catalogue is for all who work on projects; what a part costs is left out elsewhere."""
    components = _present(ComponentActivation.objects.all(), removed)
    return components.none() if access.kind == Kind.UNASSIGNED else components


def visible_accounts(access: Access, *, removed: bool = False) -> QuerySet[Account]:
    """The organisation's own record at OpenSolar is for administrators."""
    accounts = _present(Account.objects.all(), removed)
    return accounts if access.is_administrator else accounts.none()


def _role_of(access: Access) -> tuple[int, int] | None:
    """Account and number of the person's role; asked once for a membership as it was loaded, so once a request."""
    loaded = access.membership.__dict__
    if ROLE_SEEN not in loaded:
        roles = Role.objects.filter(membership=access.membership)
        loaded[ROLE_SEEN] = roles.values_list("connection_id", "opensolar_id").first()
    role: tuple[int, int] | None = loaded[ROLE_SEEN]
    return role


def _of_projects(rows: QuerySet[R], access: Access, removed: bool) -> QuerySet[R]:
    rows = _present(rows, removed)
    if not access.sees_all_projects:
        return rows.filter(project__in=visible_projects(access, removed=removed))
    return rows if removed else rows.filter(project__removed_at=None, project__withheld_at=None)


def _present(rows: QuerySet[R], removed: bool) -> QuerySet[R]:
    return rows if removed else rows.filter(removed_at=None, withheld_at=None)
