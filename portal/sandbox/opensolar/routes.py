"""The addresses of OpenSolar's API that are served; a write is a further method of its route."""

from portal.sandbox.opensolar import catalogue_writing as catalogue
from portal.sandbox.opensolar.accounts import change_user, fetch_token, log_in
from portal.sandbox.opensolar.calls import route
from portal.sandbox.opensolar.images import open_image, show_image
from portal.sandbox.opensolar.listings import detail, listing, show_org, show_system_details
from portal.sandbox.opensolar.papers import open_file, show_event, show_file, show_roof_type
from portal.sandbox.opensolar.proposals import show_proposals
from portal.sandbox.opensolar.webhook_calls import add_webhook, change_webhook, list_webhooks, show_log
from portal.sandbox.opensolar.writing import change_project, create_contact, create_project, delete, replace_contact

ORG = "/api/orgs/<org>"
ROUTES = (
    route("/api-token-auth/", is_open=True, POST=log_in),
    route("/api/fetch_token/", GET=fetch_token),
    route("/auth/users/<user>/", PATCH=change_user),
    route(f"{ORG}/", GET=show_org, POST=catalogue.post_org, PUT=catalogue.put_org),
    route(f"{ORG}/roles/", GET=listing("roles")),
    route(f"{ORG}/roles/<id>/", GET=detail("roles")),
    route(f"{ORG}/contacts/", GET=listing("contacts"), POST=create_contact),
    route(f"{ORG}/contacts/<id>/", GET=detail("contacts"), PUT=replace_contact, DELETE=delete("contacts")),
    route(f"{ORG}/systems/", GET=listing("systems")),
    route(f"{ORG}/systems/<id>/", GET=detail("systems")),
    route(f"{ORG}/projects/<id>/systems/<uuid:uuid>/image/", action="system image", GET=show_image),
    route(f"{ORG}/events/<id>/", GET=show_event),
    route(f"{ORG}/private_files/<id>/", GET=show_file),
    route("/api/roof_types/<id>/", GET=show_roof_type),
    route("/media/private/<id>/<kind>/", is_open=True, GET=open_file),
    route("/media/images/<id>/", is_open=True, GET=open_image),
    route(f"{ORG}/projects/", write_action="create project", GET=listing("projects"), POST=create_project),
    route(
        f"{ORG}/projects/<id>/",
        action="project",
        write_action="change project",
        GET=detail("projects"),
        PATCH=change_project,
        DELETE=delete("projects"),
    ),
    route(f"{ORG}/projects/<id>/systems/details/", action="systems/details", GET=show_system_details),
    *(
        made
        for name in catalogue.WRITABLE
        for made in (
            route(f"{ORG}/{name}/", GET=listing(name), POST=catalogue.create(name)),
            route(
                f"{ORG}/{name}/<id>/",
                GET=detail(name),
                POST=catalogue.post_on_record(name),
                PUT=catalogue.update(name),
                PATCH=catalogue.update(name),
                DELETE=catalogue.delete(name),
            ),
        )
    ),
    route(f"{ORG}/user_logins/", action="user_logins", GET=show_proposals),
    route("/api/user_logins/", action="user_logins", GET=show_proposals),
    route(f"{ORG}/webhooks/", GET=list_webhooks, POST=add_webhook),
    route(f"{ORG}/webhooks/<id>/", PATCH=change_webhook),
    route(f"{ORG}/webhook_process_logs/", GET=show_log),
)
