"""Addresses of OpenSolar's records in the REST API; registered in `projects.offers`."""

from portal.api.reading import routes
from projects.api.roles import ROLES
from projects.api.systems import SYSTEMS
from projects.api.writing import urlpatterns as writable

urlpatterns = [*writable, *routes(ROLES), *routes(SYSTEMS)]
