"""Secrets leave payloads and texts; everything else stays as it was."""

import pickle

import pytest

from portal.lib import errors
from portal.lib.redaction import SECRET_KEYS, is_secret, redact_text, redact_url, strip_secrets


@pytest.mark.parametrize("key", sorted(SECRET_KEYS | {"integration_key_docusign"}))
def test_secret_key_is_stripped_at_any_depth(key: str) -> None:
    record = {"id": 1, key: "x", "role": {"id": 2, key: {"a": 1}}, "files": [[{"id": 3, key: ["x"]}], 4]}
    assert strip_secrets(record) == {"id": 1, "role": {"id": 2}, "files": [[{"id": 3}], 4]}
    assert record["role"] == {"id": 2, key: {"a": 1}}


def test_clean_data_is_the_same_object() -> None:
    record = {"id": 1, "role": {"display": "Lise Meitner"}, "tags": [], "systems": [{"modules": [{"code": "M1"}]}]}
    assert strip_secrets(record) is record
    assert strip_secrets([record])[0] is record


def test_clean_parts_are_shared_and_not_copied() -> None:
    clean = {"display": "Lise Meitner"}
    stripped = strip_secrets({"role": clean, "share_link": "https://example.com/s"})
    assert stripped["role"] is clean


@pytest.mark.parametrize("value", [None, 5, "share_link", [], {}])
def test_other_values_pass(value: object) -> None:
    assert strip_secrets(value) == value


def test_ordinary_keys_are_not_secret() -> None:
    assert not any(is_secret(key) for key in ("title", "tokens_used", "header", "code", "share", "integration"))
    assert is_secret("Authorization")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"token": "abc", "id": 1}', '{"token": [removed], "id": 1}'),
        ('{"password": "a\\"b", "id": 1}', '{"password": [removed], "id": 1}'),
        ('{"share_link": "https://exam', '{"share_link": [removed]'),
        ("{'api_key_chat': '12-3', 'id': 1}", "{'api_key_chat': [removed], 'id': 1}"),
        ('"{\\"token\\": \\"abc\\", \\"id\\": 1}"', '"{\\"token\\": [removed], \\"id\\": 1}"'),
        ('{"id": 1, "integration_json": {"key": "v"}}', '{"id": 1, "integration_json": [removed]'),
        ('{"integration_key_x": 123456}', '{"integration_key_x": [removed]}'),
        ("?page=2&token=abc&x=1", "?page=2&token=[removed]&x=1"),
        ("authorization: Bearer abc.def rest", "authorization: [removed] rest"),
        ("sent Bearer abcdef123 twice", "sent Bearer [removed] twice"),
        ("https://ada:love@example.com/x", "https://[removed]@example.com/x"),
        ("Invalid token.", "Invalid token."),
        ("The password is too short.", "The password is too short."),
        ('{"title": "Token Street", "headline": "x"}', '{"title": "Token Street", "headline": "x"}'),
    ],
)
def test_text_is_redacted(text: str, shown: str) -> None:
    assert redact_text(text) == shown


def test_known_secrets_are_removed_wherever_they_stand() -> None:
    assert redact_text("a kilonova in a nova", ["nova", "kilonova", "a"]) == "a [removed] in a [removed]"


def test_address_for_the_log_shows_no_login_and_no_secret() -> None:
    url = "https://ada:love@example.com:8443/api/?page=1&token=abc&search=K%C3%BCche&flag="
    assert redact_url(url) == "example.com:8443/api/?page=1&token=[removed]&search=K%C3%BCche&flag="


def test_errors_survive_pickling() -> None:
    error = errors.Refused("No.", status=400, fields={"zip": ["Too long."]})
    again = pickle.loads(pickle.dumps(error))
    assert (again.sentence, again.status, again.fields) == ("No.", 400, {"zip": ["Too long."]})
    assert pickle.loads(pickle.dumps(errors.QuotaSpent("Wait.", retry_at=5.0))).retry_at == 5.0
