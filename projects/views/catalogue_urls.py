"""Addresses of the component catalogue."""

from django.urls import path

from portal.access import for_administrators, opens
from projects.models import ComponentActivation
from projects.views import catalogue, prices
from projects.views.edits import GET_OR_POST

# Of which of the four lists it is, the record says, or the address of a new one.
ANY = {"resource": "component"}
new = for_administrators(GET_OR_POST(prices.price_new))
edit, delete = (
    opens(ComponentActivation)(for_administrators(GET_OR_POST(view)))
    for view in (prices.price_edit, prices.price_delete)
)

urlpatterns = [
    path("", catalogue.component_list, name="catalogue"),
    path("new/", new, ANY, name="component_new"),
    path("<int:pk>/", catalogue.component_page, name="component"),
    path("<int:pk>/edit/", edit, ANY, name="component_edit"),
    path("<int:pk>/delete/", delete, ANY, name="component_delete"),
]
