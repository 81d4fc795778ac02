"""What the portal itself puts into its frame: home, connections, and their tile for administrators."""

from django.utils.translation import gettext_lazy as _

from portal.registry import FirstStep, HomeTile, NavItem, SearchSource, registry


def register() -> None:
    """Called once, when the app is ready."""
    from portal.access import access_of
    from portal.services import first_run
    from portal.services.connection_health import broken_connections
    from portal.services.deliveries import may_write, wait_for_a_person
    from portal.services.search_pages import find_pages
    from portal.views.tiles import connections_tile
    from portal.views.welcome import connect_step, name_step, sync_step

    registry.nav.append(NavItem(_("Home"), "home", "home", order=0))
    registry.nav.append(
        NavItem(_("Edits under way"), "deliveries", "upload", visible=may_write, count=wait_for_a_person, order=70)
    )
    registry.nav.append(
        NavItem(
            _("Connections"),
            "connections",
            "plug",
            visible=lambda access: access.is_administrator,
            count=broken_connections,
            order=80,
        )
    )
    registry.nav.append(
        NavItem(
            _("Organisation"),
            "organisation_settings",
            "settings",
            visible=lambda access: access.is_administrator,
            order=95,
        )
    )
    registry.first_steps += [
        FirstStep("name", _("Your company"), "portal/welcome/name.html", first_run.is_connected, name_step, order=0),
        FirstStep(
            "connect", _("Your account"), "portal/welcome/connect.html", first_run.is_connected, connect_step, order=10
        ),
        FirstStep("sync", _("First sync"), "portal/welcome/sync.html", first_run.is_synced, sync_step, order=20),
    ]
    registry.tiles.append(
        HomeTile(
            "portal/welcome/tile.html",
            lambda request: first_run.progress(access_of(request)),
            first_run.is_under_way,
            order=0,
        )
    )
    registry.tiles.append(HomeTile("", connections_tile, lambda access: access.is_administrator, order=10))
    registry.searches.append(SearchSource(_("Pages"), find_pages, order=90, answers_nothing=True))
    registry.places += [
        NavItem(_("Audit log"), "audit", "history", visible=lambda access: access.is_administrator, order=96),
        NavItem(_("Your account"), "your_account", "user", order=98),
    ]
