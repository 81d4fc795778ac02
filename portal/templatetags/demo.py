"""What only a demo shows."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def shows_mails() -> bool:
    """Whether this is a demo, whose mails anybody may read at /demo/mails/."""
    return bool(settings.DEMO_MAILS)
