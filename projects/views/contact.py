"""A customer's own page, and the part of it that follows edits under way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.access import access_of, opens
from portal.services.deliveries import may_write
from projects.models import Contact
from projects.services import contact_page as page
from projects.services.edits.contacts import name_of, number_of
from projects.services.edits.over import show_contacts_over
from projects.services.edits.panel import lines_of, signature
from projects.services.edits.shown import deliveries_of_contact
from projects.services.names import real_mail
from projects.services.timeline.entries import read_wish


@require_safe
@opens(Contact)
def contact_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How to reach a customer, which projects are theirs, and what happened; the values under way stand over others."""
    access = access_of(request)
    contact = get_object_or_404(page.openable(access), pk=pk)
    found = list(deliveries_of_contact(contact))
    show_contacts_over([contact], found)
    gone = bool(contact.removed_at or contact.withheld_at)
    story = page.story_of(access, contact, read_wish(request.GET))
    context = {
        "contact": contact,
        # Not by the address that OpenSolar made up for who has none.
        "name": real_mail(name_of(contact)) or contact.phone or number_of(contact),
        "story": story,
        "timeline": story.timeline,
        "zone": story.zone,
        "gone": gone,
        "may_edit": may_write(access) and not gone,
        **lines_of(access, found, reverse("contact_edits", args=[pk])),
    }
    return render(request, "projects/contact.html", context)


@require_safe
@opens(Contact)
def contact_edits(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Polled while edits are under way: 204, and once one has moved the event that lets the page read itself."""
    contact = get_object_or_404(page.openable(access_of(request)), pk=pk)
    answer = HttpResponse(status=204)
    if request.GET.get("was", "") != signature(deliveries_of_contact(contact)):
        answer["HX-Trigger"] = "project-came"
    return answer
