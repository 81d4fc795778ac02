"""Addresses of OpenSolar's records in the REST API; registered in `projects.offers`."""

from portal.api.reading import routes
from projects.api.contacts import CONTACTS
from projects.api.events import EVENTS
from projects.api.files import FILES
from projects.api.projects import PROJECTS
from projects.api.roles import ROLES
from projects.api.systems import SYSTEMS

urlpatterns = [*routes(PROJECTS), *routes(CONTACTS), *routes(ROLES), *routes(SYSTEMS), *routes(EVENTS), *routes(FILES)]
