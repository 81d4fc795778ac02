"""A list of fifty by API beside one bare query and a plain ModelViewSet; search; all with 100,000 projects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from portal.launch.commands import web
from tests.bench.figures import Figure
from tests.bench.measures.rounds import in_turns
from tests.bench.options import Options
from tests.bench.processes import child, free_port, running, wait_for
from tests.bench.served.client import Client, milliseconds, requests_a_second
from tests.bench.stage import Stage
from tests.bench.ways.fill import RARE

OF_LIMIT, OF_PLAIN, DEPTH, SEARCH = 0.18, 8, 1.5, 5
FIRST, PLAIN = "/api/v1/projects/?page_size=50", "/projects/"
END = "999999999999999999"
SECONDS, TIMES = 4.0, 100


def measure(stage: Stage, options: Options, vendor: str) -> Iterator[Figure]:
    """The server's options are those that `make run` uses, for all three."""
    environment = stage.fresh("postgres")
    found = child("fill", environment, projects=options.read)
    token = found["token"]
    sql = stage.folder / "first_page.sql"
    sql.write_text(found["sql"])
    apps = {
        "ours": ("portal.wsgi", {}),
        "limit": ("tests.bench.served.limit_wsgi", {"BENCH_SQL": str(sql)}),
        "plain": ("portal.wsgi", {"DJANGO_SETTINGS_MODULE": "tests.bench.served.plain_settings"}),
    }
    with ExitStack() as servers:
        ports = {name: _serve(servers, app, environment | more) for name, (app, more) in apps.items()}
        _check_same(ports, token)
        yield from _lists(ports, token, options)
        yield _depth(ports["ours"], token, options)
    slowest = child("search", environment | {"DEBUG": "on", "ALLOWED_HOSTS": "testserver"}, token=token, word=RARE)
    parts = {"projects": options.read, **{f"{name} ms": value for name, value in slowest.items()}}
    yield Figure("SQL of a search for a rare word", max(slowest.values()), SEARCH, unit="ms", at_most=True, parts=parts)
    stage.drop(environment)


def _serve(servers: ExitStack, app: str, environment: dict[str, str]) -> int:
    port = free_port()
    command = [app if word == "portal.wsgi" else word for word in web(str(port))]
    servers.enter_context(running(command, environment))
    wait_for(port)
    return port


def _check_same(ports: dict[str, int], token: str) -> None:
    pages = {
        name: _plain(Client(port, token).json(PLAIN if name == "plain" else FIRST)["results"])
        for name, port in ports.items()
    }
    if not pages["ours"] == pages["limit"] == pages["plain"] or len(pages["ours"]) != 50:
        raise RuntimeError(f"the lists differ: {[page[:1] for page in pages.values()]}")


def _plain(value: Any) -> Any:
    """Without the differences of spelling: UTC as an offset or as Z."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return re.sub(r"\+00:00$", "Z", value) if isinstance(value, str) else value


def _lists(ports: dict[str, int], token: str, options: Options) -> Iterator[Figure]:
    paths = {name: PLAIN if name == "plain" else FIRST for name in ports}
    rates = in_turns(
        options.rounds,
        {
            name: lambda name=name, port=port: requests_a_second(port, token, paths[name], SECONDS)  # type: ignore[misc]
            for name, port in ports.items()
        },
    )
    parts: dict[str, Any] = {"projects": options.read, **{f"{name}/s": rate for name, rate in rates.items()}}
    parts |= {f"{name} ms": milliseconds(port, token, paths[name], TIMES) for name, port in ports.items()}
    yield Figure("list of 50 by API: ours / bare json_agg", rates["ours"] / rates["limit"], OF_LIMIT, parts=parts)
    yield Figure("list of 50 by API: ours / plain ModelViewSet", rates["ours"] / rates["plain"], OF_PLAIN, parts=parts)


def _depth(port: int, token: str, options: Options) -> Figure:
    """The last page as somebody reaches it who follows `next` from the page before."""
    client = Client(port, token)
    last = client.json(f"{FIRST}&cursor=before-{END}")
    before = client.json(_path(last["previous"]))
    path = _path(before["next"])
    if client.json(path)["results"] != last["results"]:
        raise RuntimeError("this is not the last page")
    client.close()
    taken = in_turns(
        max(options.rounds, 3),
        {name: lambda at=at: milliseconds(port, token, at, TIMES) for name, at in (("first", FIRST), ("last", path))},  # type: ignore[misc]
    )
    parts = {"projects": options.read, **{f"{name} ms": value for name, value in taken.items()}}
    return Figure("last page / first page", taken["last"] / taken["first"], DEPTH, at_most=True, parts=parts)


def _path(address: str) -> str:
    return "/" + address.split("/", 3)[3]
