"""Who may use the API at all: a person with an access in an organisation."""

from typing import Any

from rest_framework.permissions import BasePermission

from portal.access import Access


class IsMember(BasePermission):
    """The request carries a valid token; what it then sees is said by querysets and columns."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return isinstance(request.auth, Access)
