"""What the sign-in page needs to know beyond its form."""

from django import template

from portal.models import User
from portal.oidc.configuration import issuer

register = template.Library()


@register.simple_tag
def issuer_name() -> str:
    """What the issuer's button says; empty where nobody signs in elsewhere."""
    found = issuer()
    return found.name if found else ""


@register.simple_tag
def nobody_yet() -> bool:
    """Whether the portal is empty, so that nobody's password can be right."""
    return not User.objects.exists()
