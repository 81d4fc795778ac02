"""The switches of the sandbox: documented limits, and the answers the vendors' pages leave open."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args, get_origin

from portal.sandbox.wire import JsonObject, Refusal

SEVEN_DAYS = 7 * 24 * 3600


@dataclass(slots=True)
class Settings:
    """All switches with their defaults; changed over `/control/settings`, effective with the next request."""

    token_ttl: float = SEVEN_DAYS
    """Seconds a standard user's token lives; counts for tokens already handed out, too."""
    fetch_token: bool = True
    """Whether GET /api/fetch_token/ exists."""
    plan: Literal["raw", "api", "none"] = "raw"
    """`api`: without Raw Data API Access, proposal data answers 402; `none`: organisation data does, too."""
    design_always_packed: bool = True
    """Whether a proposal's `design` is packed without `compress_data`, too, as the vendor's sample shows it."""
    whole_lists: bool = True
    """Whether the projects list without `fieldset` carries whole records instead of short rows."""
    default_limit: int = 20
    max_limit: int = 100
    """Rows of a page when `limit` is missing; a larger `limit` is silently cut to the maximum."""
    past_end: Literal["empty", "404", "500"] = "empty"
    """What a page after the last one answers."""
    paged_roles: bool = False
    document_posts: bool = False
    """Whether POST changes an organisation and a record at its own address, as document 000 has it; else 405."""
    single_files: bool = True
    """Whether a private file can be asked for at its own address, as newer pages say."""
    file_link_ttl: float = 3600
    """Seconds a file's link works; counts for links already given out, too."""
    image: Literal["redirect", "here", "elsewhere", "page", "bomb"] = "redirect"
    """How a system's image comes: by way of another address of this host, at once, by way of another host; or not,
    but a web page that calls itself a JPEG, or a small PNG of nearly a thousand million pixels."""
    newest_first: bool = False
    """Whether a project made over the API stands at the head of the list; else at its end. The documents do not say."""
    throttle: bool = False
    """Whether the documented limits a minute answer 429."""
    throttle_retry_after: bool = True
    """Whether that 429 carries Retry-After."""

    webhook_headers_shown: bool = True
    """Whether the list of webhooks shows their `headers`."""
    webhook_attempts: int = 3
    webhook_retry_seconds: float = 5.0
    """How often a delivery is tried, and how long it waits in between; OpenSolar documents neither."""

    def change(self, wanted: JsonObject) -> None:
        """Take over all of `wanted` or, naming the fields, nothing of it (400)."""
        types = {item.name: item.type for item in fields(self)}
        wrong = {name: _complaint(name, types, value) for name, value in wanted.items()}
        wrong = {name: complaint for name, complaint in wrong.items() if complaint}
        if wrong:
            raise Refusal(400, wrong)
        for name, value in wanted.items():
            setattr(self, name, value)

    def reset(self) -> None:
        self.change(asdict(Settings()))

    def as_json(self) -> JsonObject:
        return asdict(self)


def _complaint(name: str, types: dict[str, Any], value: Any) -> list[str]:
    if name not in types:
        return ["There is no such setting."]
    wanted = types[name]
    if get_origin(wanted) is Literal:
        options = get_args(wanted)
        return [] if value in options else [f"One of {', '.join(options)}."]
    if wanted is bool:
        return [] if isinstance(value, bool) else ["true or false."]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is float:
        return [] if number and value >= 0 else ["A number, at least 0."]
    return [] if number and isinstance(value, int) and value >= 1 else ["A whole number, at least 1."]
