"""What the sign-in page needs to know beyond its form."""

from django import template

from portal.oidc.configuration import issuer

register = template.Library()


@register.simple_tag
def issuer_name() -> str:
    """What the issuer's button says; empty where nobody signs in elsewhere."""
    found = issuer()
    return found.name if found else ""
