"""A system's picture (document 000, System Image): how it is asked for, and that what came is a picture."""

from dataclasses import dataclass, field

from portal.lib.answer import Answer, excerpt_of
from portal.lib.errors import MalformedAnswer, PermanentError

MOST_BYTES = 16 * 2**20
WIDEST = 4000
# The published budget is ten a minute: a failed request is repeated minutes later, by whoever asked, and not at once.
ONCE = dict.fromkeys((0, 200, 408, 429, 500, 502, 503, 504), 0)
ACCEPT = {"Accept": "image/jpeg, image/png, image/webp, image/gif, */*;q=0.1"}
_SIGNATURES = (
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/gif", b"GIF87a"),
    ("image/gif", b"GIF89a"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes as they came; `kind` is what they begin like, whatever the answer's header says."""

    content: bytes = field(repr=False)
    kind: str


def image_path(org_path: str, project_id: int, uuid: str) -> str:
    """The address of a system's image; PermanentError for a uuid that cannot stand in a path."""
    if not uuid or not uuid.isascii() or not uuid.replace("-", "").isalnum():
        raise PermanentError("This system has no uuid by which OpenSolar gives out its picture.")
    return f"{org_path}projects/{project_id:d}/systems/{uuid}/image/"


def picture_of(answer: Answer) -> Picture:
    """The picture in an answer; MalformedAnswer where it is a web page or anything else."""
    content = answer.body
    kind = kind_of(content)
    if kind is not None:
        return Picture(content, kind)
    what = "nothing" if not content else "a web page" if content.lstrip()[:1] == b"<" else "something else"
    sentence = f"OpenSolar sent {what} where a system's picture was expected. Try again later."
    raise MalformedAnswer(sentence, status=answer.status, excerpt=excerpt_of(content[:2048], answer.known), sent=True)


def kind_of(content: bytes) -> str | None:
    """The media type that these bytes begin like; None if it is no picture that browsers show and we can read."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for kind, start in _SIGNATURES if content.startswith(start)), None)
