"""The addresses of OpenSolar's API that are served; a write is a further method of its route."""

from portal.sandbox.opensolar.accounts import change_user, fetch_token, log_in
from portal.sandbox.opensolar.calls import route
from portal.sandbox.opensolar.listings import detail, listing, show_org, show_system_details
from portal.sandbox.opensolar.writing import change_project, create_contact, create_project, delete, replace_contact

ORG = "/api/orgs/<org>"
ROUTES = (
    route("/api-token-auth/", is_open=True, POST=log_in),
    route("/api/fetch_token/", GET=fetch_token),
    route("/auth/users/<user>/", PATCH=change_user),
    route(f"{ORG}/", GET=show_org),
    route(f"{ORG}/roles/", GET=listing("roles")),
    route(f"{ORG}/roles/<id>/", GET=detail("roles")),
    route(f"{ORG}/contacts/", GET=listing("contacts"), POST=create_contact),
    route(f"{ORG}/contacts/<id>/", GET=detail("contacts"), PUT=replace_contact, DELETE=delete("contacts")),
    route(f"{ORG}/systems/", GET=listing("systems")),
    route(f"{ORG}/systems/<id>/", GET=detail("systems")),
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
)
