"""Addresses of OpenSolar's records in the REST API; registered in `projects.offers`."""

from portal.api.reading import routes
from projects.api.components import COMPONENTS
from projects.api.events import EVENTS
from projects.api.files import FILES
from projects.api.prices import COSTINGS, PAYMENT_OPTIONS, PRICING_SCHEMES
from projects.api.proposals import PROPOSALS
from projects.api.roles import ROLES, RoleList
from projects.api.systems import SYSTEMS
from projects.api.webhook_logs import WEBHOOK_LOGS
from projects.api.writing import urlpatterns as writable

urlpatterns = [*writable, *routes(ROLES, RoleList), *routes(SYSTEMS)]
urlpatterns += [*routes(PRICING_SCHEMES), *routes(PAYMENT_OPTIONS), *routes(COSTINGS), *routes(COMPONENTS)]
urlpatterns += routes(PROPOSALS)
urlpatterns += routes(WEBHOOK_LOGS)
urlpatterns += [*routes(EVENTS), *routes(FILES)]
