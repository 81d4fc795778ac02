"""API views run inside the organisation of their token."""

from contextlib import ExitStack
from typing import Any, cast

from django_scopes import scope
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.access import Access


class OrganisationView(APIView):
    """Activates the organisation's scope once the token is known, until the answer's data is complete."""

    _scopes: ExitStack

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self._scopes:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, Access):
            self._scopes.enter_context(scope(organisation=request.auth.organisation))

    @property
    def access(self) -> Access:
        """Who asks, and what they may see."""
        return cast("Access", self.request.auth)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        finished: Response = super().finalize_response(request, response, *args, **kwargs)
        finished["Cache-Control"] = "private, no-store"
        return finished
