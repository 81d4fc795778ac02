"""A system's image: width and height required, and as a rule one redirect away (document 000, System Image)."""

from urllib.parse import urlsplit

from portal.sandbox.opensolar import links
from portal.sandbox.opensolar.calls import Call, denied, not_found
from portal.sandbox.opensolar.drawing import bomb, roof_picture
from portal.sandbox.opensolar.shelf import Sight
from portal.sandbox.wire import Refusal, Response

LARGEST = 4000
_PAGE = b"<!doctype html>\n<title>Please wait</title>\n<h1>Your picture is being made</h1>\n"


def show_image(call: Call) -> Response:
    """The image of one system of one project; `image` among the settings says how it comes."""
    size = {name: _pixels(call, name) for name in ("width", "height")}
    with call.world.lock:
        number, panels = _system(call)
    how = call.settings.image
    if how == "page":
        return Response(200, _PAGE, "image/jpeg")
    if how == "bomb":
        return Response(200, bomb(), "image/png")
    if how == "here":
        return _drawn(number, size["width"], size["height"], panels)
    path = f"/media/images/{number}/"
    if how == "redirect":
        return _moved(links.signed(call.request.base, path, **size, panels=panels))
    return _moved(links.signed(_elsewhere(call.request.base), path, **size, panels=panels, store=1))


def open_image(call: Call) -> Response:
    """What the redirect leads to. The store of another host refuses requests that bring a login along, as stores do."""
    links.require_signed(call.request, call.settings)
    query = call.request.query
    if "store" in query and call.request.headers.get("Authorization"):
        raise Refusal(400, {"detail": "Only one way of proving who asks is allowed."})
    return _drawn(call.numbers["id"], int(query["width"]), int(query["height"]), int(query["panels"]))


def _drawn(number: int, width: int, height: int, panels: int) -> Response:
    return Response(200, roof_picture(number, width, height, panels), "image/jpeg")


def _moved(address: str) -> Response:
    return Response(302, b"", "text/html", {"Location": address})


def _elsewhere(base: str) -> str:
    """The same server by another name: to every client another host."""
    host = urlsplit(base).hostname or ""
    other = "localhost" if host == "127.0.0.1" else "127.0.0.1"
    return base.replace(f"//{host}", f"//{other}", 1)


def _pixels(call: Call, name: str) -> int:
    text = call.request.query.get(name, "")
    if not text:
        raise Refusal(400, {name: ["This field is required."]})
    if not text.isdecimal() or not 0 < int(text) <= LARGEST:
        raise Refusal(400, {name: [f"A whole number of pixels, at most {LARGEST}."]})
    return int(text)


def _system(call: Call) -> tuple[int, int]:
    """Number and panels of the system; 403 and 404 as for its project."""
    world, project, base = call.world, call.numbers["id"], call.request.base
    sight = world.shelves["projects"].sight(project)
    if sight is Sight.FORBIDDEN:
        raise denied()
    keys = world.systems_of(project) if sight is Sight.HERE else []
    for key, record in zip(keys, world.rows("systems", keys, base, short=False), strict=True):
        if isinstance(record, dict) and str(record.get("uuid")).upper() == call.words["uuid"].upper():
            return key, int(record.get("module_quantity") or 0)
    raise not_found()
