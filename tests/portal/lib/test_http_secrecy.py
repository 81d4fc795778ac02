"""No token, password or secret parameter ever reaches a log line or the text of an error."""

import logging
import traceback
from collections.abc import Iterator

import pytest

from portal.lib import errors
from portal.lib.http import Transport
from tests.portal.lib.wire import Wire

TOKEN = "d7e1b00845ae0d9d"
PASSWORD = "gamma-rays-9"


class Collected(logging.Handler):
    """Every record that reaches any logger which HTTP may write to, whatever the settings do with it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record not in self.records:
            self.records.append(record)

    @property
    def lines(self) -> list[str]:
        return [record.getMessage() for record in self.records]


@pytest.fixture
def logged() -> Iterator[Collected]:
    handler = Collected()
    loggers = [logging.getLogger(name) for name in (None, "portal.vendor", "urllib3", "requests")]
    levels = [logger.level for logger in loggers[:2]]
    for logger in loggers:
        logger.addHandler(handler)
    for logger in loggers[:2]:
        logger.setLevel(logging.DEBUG)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)
    for logger, level in zip(loggers[:2], levels, strict=True):
        logger.setLevel(level)


def everything(error: BaseException) -> str:
    """The text of an error with all that hangs on it, as a log or an error report would show it."""
    parts = ["".join(traceback.format_exception(error)), repr(error), str(error), repr(vars(error))]
    return "\n".join(parts)


def test_each_attempt_is_one_line_without_secrets(wire: Wire, transport: Transport, logged: Collected) -> None:
    wire.answers(b"", 500)
    wire.answers(b'{"token": "fresh"}')
    query = {"page": 1, "api_key": "sesame"}
    transport.request("POST", "/login/", params=query, json={"password": PASSWORD}, token=TOKEN, repeatable=True)
    assert [record.name for record in logged.records] == ["portal.vendor"] * 2
    host = wire.url.removeprefix("http://")
    assert logged.lines[0].startswith(f"POST {host}/login/?page=1&api_key=[removed] 500 ")
    assert logged.lines[1].endswith("18 bytes attempt 2")
    shown = "".join(logged.lines)
    assert not any(secret in shown for secret in (TOKEN, PASSWORD, "sesame", "fresh"))


def test_failed_attempt_is_logged_by_its_kind(wire: Wire, transport: Transport, logged: Collected) -> None:
    wire.resets()
    with pytest.raises(errors.TransientError):
        transport.request("POST", "/x/", json={})
    assert [" TransientError " in line for line in logged.lines] == [True]


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 422, 429, 500])
def test_echoed_secrets_are_taken_out(wire: Wire, transport: Transport, status: int) -> None:
    body = f'{{"detail": "Login {PASSWORD} with {TOKEN} is wrong", "password": "hunter22", "x": "Bearer zzzzzzzz"}}x'
    wire.answers(body.encode(), status, {"Location": f"http://elsewhere.example/?token={TOKEN}"})
    with pytest.raises(errors.VendorError) as caught:
        transport.request("GET", "/x/", json={"nested": [{"password": PASSWORD}]}, token=TOKEN).json()
    shown = everything(caught.value)
    assert not any(secret in shown for secret in (TOKEN, PASSWORD, "hunter22", "zzzzzzzz"))


def test_field_messages_lose_echoed_secrets(wire: Wire, transport: Transport) -> None:
    wire.answers(f'{{"password": ["{PASSWORD} is too common."]}}'.encode(), 400)
    with pytest.raises(errors.Refused) as caught:
        transport.request("POST", "/x/", json={"password": PASSWORD})
    assert caught.value.fields == {"password": ["[removed] is too common."]}
    assert PASSWORD not in everything(caught.value)


def test_broken_connections_do_not_carry_the_address(wire: Wire, transport: Transport, closed_port: int) -> None:
    wire.resets()
    with pytest.raises(errors.TransientError) as reset:
        transport.request("GET", "/x/", params={"token": TOKEN}, token=TOKEN)
    line = Transport(f"http://127.0.0.1:{closed_port}", name="Sunvendor", retries=0)
    with pytest.raises(errors.TransientError) as refused:
        line.request("GET", "/x/", params={"token": TOKEN}, token=TOKEN)
    for caught in (reset, refused):
        assert TOKEN not in everything(caught.value)
        assert caught.value.__context__ is None


def test_answer_shows_neither_body_nor_query(wire: Wire, transport: Transport) -> None:
    wire.answers(b'{"token": "fresh-one"}')
    answer = transport.request("GET", "/x/", params={"token": TOKEN}, token=TOKEN)
    assert TOKEN not in repr(answer)
    assert "fresh-one" not in repr(answer)


def test_unusable_token_is_not_shown(transport: Transport) -> None:
    with pytest.raises(errors.CredentialsError) as caught:
        transport.request("GET", "/x/", token=TOKEN + "\n")
    assert TOKEN not in everything(caught.value)
