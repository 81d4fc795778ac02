"""The receiver under eight clients beside a bare insert behind plain WSGI; and how soon a delivery is in the mirror."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

import psycopg

from portal.launch.commands import web
from tests.bench.figures import Figure
from tests.bench.measures.rounds import in_turns
from tests.bench.options import Options
from tests.bench.processes import child, free_port, running, wait_for
from tests.bench.served.posting import post_all
from tests.bench.stage import Stage
from tests.bench.vendor.sample import project

OF_LIMIT, P95, SEEN = 0.35, 15, 2
SECONDS, WARM_UP = 4.0, 2.0


def measure(stage: Stage, options: Options, vendor: str) -> Iterator[Figure]:
    """Both sides store an 8 KB event into the same table, with the server options of `make run`."""
    environment = stage.fresh("postgres")
    door = child("webhook", environment)
    record = project(0, 1)
    body = (
        b'{"timestamp":"1605832669","model":"Project","model_id":1,"event":"UPDATE","event_id":1,"fields":%s}' % record
    )
    found: dict[str, list[float]] = {"ours": [], "limit": []}
    with ExitStack() as servers:
        apps = {"ours": "portal.wsgi", "limit": "tests.bench.served.limit_inbox"}
        ports = {name: _serve(servers, app, environment) for name, app in apps.items()}

        def rate(name: str) -> float:
            posted = post_all(ports[name], door["path"], door["headers"], body, SECONDS)
            found[name].append(posted["p95"])
            return posted["rate"]

        for port in ports.values():
            # The first request of each thread opens its connection to the database.
            post_all(port, door["path"], door["headers"], body, WARM_UP)
        rates = in_turns(options.rounds, {name: lambda name=name: rate(name) for name in ports})  # type: ignore[misc]
    _check_stored(environment)
    parts = {"bytes": len(body), **{f"{name}/s": value for name, value in rates.items()}}
    # As the rates, the median of the rounds: one stall of the disk is no property of the receiver.
    slow = {name: median(rounds) for name, rounds in found.items()}
    parts |= {f"{name} p95 ms": value for name, value in slow.items()}
    yield Figure("webhook, 8 clients: ours / bare insert", rates["ours"] / rates["limit"], OF_LIMIT, parts=parts)
    yield Figure("webhook, 8 clients: p95 of an answer", slow["ours"], P95, unit="ms", at_most=True, parts=parts)
    seen = child("webhook", environment | {"DEBUG": "on", "ALLOWED_HOSTS": "testserver"}, seen=True)["seconds"]
    yield Figure("webhook delivered, until the change is stored", seen, SEEN, unit="s", at_most=True)
    stage.drop(environment)


def _serve(servers: ExitStack, app: str, environment: dict[str, str]) -> int:
    port = free_port()
    command = [app if word == "portal.wsgi" else word for word in web(str(port))]
    servers.enter_context(running(command, environment))
    wait_for(port)
    return port


def _check_stored(environment: dict[str, str]) -> None:
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
        (number,) = database.execute("SELECT count(*) FROM portal_inboxevent").fetchone() or (0,)
        if number < 100:
            raise RuntimeError(f"only {number} events were stored")
        database.execute("TRUNCATE portal_inboxevent")
