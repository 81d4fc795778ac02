"""A vendor on a raw socket, and a transport to it that never really sleeps."""

import socket
from collections.abc import Iterator

import pytest

from portal.lib.http import Transport
from tests.portal.lib.wire import Wire, start_wire


@pytest.fixture
def wire() -> Iterator[Wire]:
    server = start_wire()
    yield server
    server.stop()


@pytest.fixture
def slept() -> list[float]:
    """What the transport would have waited, in seconds."""
    return []


@pytest.fixture
def transport(wire: Wire, slept: list[float]) -> Iterator[Transport]:
    line = Transport(wire.url, name="Sunvendor", sleep=slept.append, deadline=5)
    yield line
    line.close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Nobody listens there, and nobody else gets it meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])
