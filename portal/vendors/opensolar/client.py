"""OpenSolar's API as verbs. Sends what document 000 names and nothing else."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from portal.lib.answer import Answer
from portal.lib.call import Params
from portal.lib.errors import CredentialsError, Forbidden, PlanError, TransientError
from portal.lib.http import Transport
from portal.vendors.opensolar import proposals
from portal.vendors.opensolar.catalogue import Catalogue
from portal.vendors.opensolar.listing import Listing
from portal.vendors.opensolar.pages import Page, Surroundings
from portal.vendors.opensolar.paging import walk
from portal.vendors.opensolar.pictures import ACCEPT, MOST_BYTES, ONCE, WIDEST, Picture, image_path, picture_of
from portal.vendors.opensolar.resources import (
    Resource,
    object_of,
    org_path,
    page_params,
    record_params,
    rows_of,
    rules_of,
)
from portal.vendors.opensolar.tokens import TokenSource
from portal.vendors.opensolar.webhook_verbs import WebhookVerbs
from portal.vendors.opensolar.writing import Writing


class OpenSolar(Writing):
    """One organisation's account. Every verb here may run twice with the same effect; those that write see `Writing`.

    All raise the error family. A 401 renews the token once and repeats once; then it is a CredentialsError.
    `names_itself` tells what stands before `/api/` in the addresses that the vendor gives its own records: references
    are written so, also where the base address is a proxy's. Without it they begin with the base address.
    """

    def __init__(
        self,
        transport: Transport,
        org_id: str,
        tokens: TokenSource,
        names_itself: Callable[[], str] | None = None,
    ) -> None:
        self.names_itself = names_itself or (lambda: transport.base_url)
        self._transport = transport
        self._org_id = org_id
        self._org_path = org_path(org_id)
        self._tokens = tokens
        self._catalogue = Catalogue(self._authorised, self._org_path)
        self.webhooks = WebhookVerbs(self._authorised, self._org_path)

    def org(self) -> dict[str, Any]:
        """The organisation: `id`, `name` and more."""
        return object_of(self._authorised("GET", self._org_path))

    def list_page(self, resource: Resource, number: int, limit: int, filters: Params | None = None) -> list[Any]:
        """One page, from 1, rows as they came. What comes past the last page is not defined; `walk` knows the ends.

        `filters` are the documented ones of that list (`resources.FILTERS`).
        """
        params = page_params(resource, number, limit, filters)
        return rows_of(self._authorised("GET", f"{self._org_path}{resource}/", params=params))

    def walk(
        self,
        resource: Resource,
        *,
        limit: int = 100,
        start: int = 1,
        filters: Params | None = None,
        in_flight: Callable[[], int] = lambda: 1,
        before_page: Callable[[], None] = lambda: None,
        heartbeat: Callable[[], None] | None = None,
    ) -> Iterator[Page]:
        """All pages from `start` in order, complete with the one that has `is_last`; see `paging.walk` for the errors.

        `in_flight` is how many pages may be under way at once, read anew for each page; after the first 429 it is one.
        `before_page` (the budget) and `heartbeat` (the lease; by default the transport's `before_attempt`) run in the
        caller's thread.
        """
        view = self._transport.detached()
        listing = Listing(view, self._org_id, resource, self._tokens, filters)
        around = Surroundings(
            in_flight=in_flight,
            heartbeat=self._transport.before_attempt if heartbeat is None else heartbeat,
            before_page=before_page,
            throttled=lambda: view.throttled,
            recover=listing.recover,
            abort=view.abort,
            sleep=self._transport.sleep,
        )
        most = None if resource == "roles" else limit
        return walk(
            listing.fetch,
            limit=most,
            start=start,
            rules=rules_of(resource),
            around=around,
            what=f"OpenSolar's {resource}",
        )

    def record(self, resource: Resource, record_id: int) -> dict[str, Any]:
        """One record at its own address; NotFound proves that it is gone, Forbidden only that we may not see it."""
        path = f"{self._org_path}{resource}/{record_id:d}/"
        return object_of(self._authorised("GET", path, params=record_params(resource)))

    @property
    def catalogue(self) -> Catalogue:
        """Writing the organisation, its prices and its components."""
        return self._catalogue

    def systems_of(self, project_id: int) -> list[Any]:
        """The rows of one project's systems (document 000: `project` beside `fieldset`)."""
        params: Params = {"fieldset": "list", "project": project_id}
        return rows_of(self._authorised("GET", f"{self._org_path}systems/", params=params))

    def system_details(self, project_id: int, *, deadline: float | None = None) -> dict[str, Any]:
        """`{"systems": […]}` with panel groups, adders and incentives. Large projects can take the vendor too long."""
        path = f"{self._org_path}projects/{project_id:d}/systems/details/"
        try:
            return object_of(self._authorised("GET", path, deadline=deadline, retry_limits={504: 1}))
        except TransientError as error:
            if error.status != 504:
                raise
            excerpt = error.excerpt
        sentence = f"OpenSolar could not put the system details of project {project_id} together in time (504)."
        raise TransientError(f"{sentence} Try again later.", status=504, excerpt=excerpt, sent=True)

    def proposal(
        self, project_id: int, *, unsold: bool, language: str = "", compress: bool = True, plain_path: bool = False
    ) -> dict[str, Any] | None:
        """A project with its `proposal_data` (document 001); None where the answer does not hold it.

        `unsold` asks for systems that are not sold, too; `language` is a code such as `en`, by default the project's.
        Both documented paths behave alike: the organisation's, or with `plain_path` the one without. PlanError names
        the product that is missing; Forbidden speaks for the whole request.
        """
        path = proposals.PLAIN_PATH if plain_path else f"{self._org_path}user_logins/"
        params = proposals.params_of(project_id, unsold=unsold, language=language, compress=compress)
        try:
            return proposals.project_in(self._authorised("GET", path, params=params), project_id)
        except PlanError as error:
            raise PlanError(proposals.NOT_IN_PLAN, status=error.status, excerpt=error.excerpt) from error
        except Forbidden as error:
            raise Forbidden(proposals.NOT_SHOWN, status=error.status, excerpt=error.excerpt) from error

    def event(self, event_id: int) -> dict[str, Any]:
        """One event of a project at its own address (document 000's webhook sample, `url`)."""
        return object_of(self._authorised("GET", f"{self._org_path}events/{event_id:d}/"))

    def private_file(self, file_id: int) -> dict[str, Any]:
        """One file's record, with a `file_contents` address that works for an hour. Newer than document 000, which
        gives the same record inside its project: whoever is refused here reads it there."""
        return object_of(self._authorised("GET", f"{self._org_path}private_files/{file_id:d}/"))

    def roof_type(self, number: int) -> dict[str, Any]:
        """A kind of roof from OpenSolar's public data; its fields are not documented."""
        return object_of(self._authorised("GET", f"/api/roof_types/{number:d}/"))

    def system_image(self, project_id: int, uuid: str, *, width: int, height: int) -> Picture:
        """The picture of a system's design, at most so many pixels, wherever redirects lead to it. Not repeated."""
        answer = self._authorised(
            "GET",
            image_path(self._org_path, project_id, uuid),
            params={"width": min(width, WIDEST), "height": min(height, WIDEST)},
            retry_limits=ONCE,
            expect_json=False,
            headers=ACCEPT,
            max_bytes=MOST_BYTES,
            elsewhere=True,
        )
        return picture_of(answer)

    def set_machine_user(self, user_id: int, on: bool) -> None:
        """Ends (or brings back) the expiry of this user's tokens. Takes the user's id, not the role's."""
        self._authorised(
            "PATCH", f"/auth/users/{user_id:d}/", json={"is_machine_user": on}, repeatable=True, expect_json=False
        )

    def _authorised(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        deadline: float | None = None,
        repeatable: bool | None = None,
        retry_limits: Mapping[int, int] | None = None,
        expect_json: bool = True,
        **more: Any,
    ) -> Answer:
        def send(token: str) -> Answer | CredentialsError:
            try:
                return self._transport.request(
                    method,
                    path,
                    params=params,
                    json=json,
                    token=token,
                    headers=headers,
                    deadline=deadline,
                    repeatable=repeatable,
                    retry_limits=retry_limits,
                    expect_json=expect_json,
                    **more,
                )
            except CredentialsError as error:
                if error.status != 401:
                    raise
                return error

        token = self._tokens.current()
        answer = send(token)
        if isinstance(answer, CredentialsError):
            answer = send(self._tokens.renew(token))
        if isinstance(answer, CredentialsError):
            raise answer
        return answer
