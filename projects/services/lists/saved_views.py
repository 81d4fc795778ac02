"""Views of the list that people keep: who may see, keep, change, share and delete which."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.access import Access
from portal.models import Kind
from portal.services import audit
from projects.models import Role, SavedView, SavedViewPin
from projects.services.lists.criteria import Criteria, read

MOST_KEPT = 100
MOST_PINNED = 8
LONGEST_NAME = 60
LONGEST_QUERY = 3_500


class Refused(Exception):
    """An act that cannot be done; its text is the sentence for the person."""


def keeps_views(access: Access) -> bool:
    """Whoever has a list keeps views of it."""
    return access.kind != Kind.UNASSIGNED


def shares_views(access: Access) -> bool:
    """Those who see the whole pipeline share views, and see what others share."""
    return access.sees_all_projects


def visible_views(access: Access) -> QuerySet[SavedView]:
    """My own; and what others share, for those who see the whole pipeline."""
    if not keeps_views(access):
        return SavedView.objects.none()
    mine = Q(owner=access.membership)
    return SavedView.objects.filter(mine | Q(is_shared=True) if shares_views(access) else mine)


def views_of(access: Access) -> list[SavedView]:
    """The views that this person may open, by name, each with `is_pinned`; one query."""
    pins = SavedViewPin.objects.filter(view=OuterRef("pk"), membership=access.membership)
    views = visible_views(access).annotate(is_pinned=Exists(pins)).select_related("owner__user")
    return sorted(views, key=lambda view: (view.name.lower(), view.pk))


def criteria_of(view: SavedView, access: Access, team: Sequence[Role]) -> Criteria:
    """What a view asks for, read with the rights of who opens it; its hints say what no longer exists."""
    return read(QueryDict(view.query), team, prices=access.sees_prices)


def kept_query(criteria: Criteria, columns: Sequence[str]) -> str:
    """A list as a view keeps it: filters, order and columns, without place and view."""
    return criteria.query(view=0, columns=tuple(columns)).removeprefix("?")


def keep(access: Access, name: str, query: str, *, shared: bool) -> SavedView:
    """A new view under a name that its owner has not given yet. Raises Refused."""
    view = SavedView(organisation=access.organisation, owner=access.membership)
    if SavedView.objects.filter(owner=access.membership).count() >= MOST_KEPT:
        raise Refused(_("You keep %(count)s views; delete one before you keep another.") % {"count": MOST_KEPT})
    _share(access, view, shared)
    view.query = _fitting(query)
    return _named(view, name)


def rename(access: Access, view: SavedView, name: str) -> None:
    """Gives my view another name. Raises Refused."""
    _must_be_mine(access, view)
    _named(view, name)


def update(access: Access, view: SavedView, query: str) -> None:
    """Makes my view mean another list. Raises Refused."""
    _must_be_mine(access, view)
    view.query = _fitting(query)
    view.save(update_fields=["query", "changed_at"])


def share(access: Access, view: SavedView, shared: bool) -> None:
    """Shares my view with the organisation, or takes it back: it also leaves the tabs of others. Raises Refused."""
    _must_be_mine(access, view)
    _share(access, view, shared)
    with transaction.atomic():
        view.save(update_fields=["is_shared", "changed_at"])
        if not shared:
            view.pins.exclude(membership=access.membership).delete()


def pin(access: Access, view: SavedView, pinned: bool) -> None:
    """Puts a view among my tabs, or takes it away; may run twice. Raises Refused."""
    mine = SavedViewPin.objects.filter(membership=access.membership)
    if not pinned:
        mine.filter(view=view).delete()
    elif not mine.filter(view=view).exists() and mine.count() >= MOST_PINNED:
        raise Refused(_("%(count)s views are pinned; take one down before you pin another.") % {"count": MOST_PINNED})
    else:
        SavedViewPin.objects.get_or_create(
            view=view, membership=access.membership, defaults={"organisation": access.organisation}
        )


def may_delete(access: Access, view: SavedView) -> bool:
    """The owner deletes a view; an administrator a shared one, too."""
    return view.owner_id == access.membership.pk or (view.is_shared and access.is_administrator)


def delete(access: Access, view: SavedView) -> None:
    """Deletes a view for everybody. Raises Refused."""
    if not may_delete(access, view):
        raise Refused(_("Only %(owner)s and administrators can delete this view.") % {"owner": view.owner.user})
    with transaction.atomic():
        if view.owner_id != access.membership.pk:
            audit.note(access, "projects.view_deleted", view.name, owner=str(view.owner.user))
        view.delete()


def _must_be_mine(access: Access, view: SavedView) -> None:
    if view.owner_id != access.membership.pk:
        raise Refused(_("Only %(owner)s can change this view. Keep one of your own.") % {"owner": view.owner.user})


def _share(access: Access, view: SavedView, shared: bool) -> None:
    if shared and not shares_views(access):
        raise Refused(_("Only administrators and sales share views; keep this one for yourself."))
    view.is_shared = shared


def _fitting(query: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise Refused(_("This list asks for too much to be kept; take some of its filters off."))
    return query


def _named(view: SavedView, name: str) -> SavedView:
    name = " ".join(name.replace("\0", " ").split())
    if not name:
        raise Refused(_("A view needs a name."))
    if len(name) > LONGEST_NAME:
        raise Refused(_("A view's name has at most %(count)s characters.") % {"count": LONGEST_NAME})
    view.name = name
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Refused(_("You keep a view named “%(name)s” already.") % {"name": name}) from error
    return view
