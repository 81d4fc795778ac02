"""Stored secrets: readable under any configured key, written under the first, told apart from damage."""

import pytest
from cryptography.fernet import Fernet

from portal.lib.crypto import Cipher, UndecryptableSecret

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_text_comes_back_and_is_not_readable_in_between() -> None:
    secret = Cipher([NEW]).encrypt_text("Röntgen 1895")
    assert "1895" not in secret
    assert Cipher([NEW]).decrypt_text(secret) == "Röntgen 1895"


def test_first_key_encrypts_and_all_decrypt() -> None:
    old_secret = Cipher([OLD]).encrypt_text("x-ray")
    both = Cipher([NEW, OLD])
    assert both.decrypt_text(old_secret) == "x-ray"
    assert Cipher([NEW]).decrypt_text(both.encrypt_text("x-ray")) == "x-ray"


def test_rotation_moves_a_secret_to_the_first_key() -> None:
    moved = Cipher([NEW, OLD]).rotate_text(Cipher([OLD]).encrypt_text("x-ray"))
    assert Cipher([NEW]).decrypt_text(moved) == "x-ray"


@pytest.mark.parametrize("damaged", ["", "x", "é", "under a key that is gone"])
def test_what_no_key_opens_is_undecryptable(damaged: str) -> None:
    if damaged.startswith("under"):
        damaged = Cipher([OLD]).encrypt_text(damaged)
    with pytest.raises(UndecryptableSecret, match="encryption keys"):
        Cipher([NEW]).decrypt_text(damaged)
    with pytest.raises(UndecryptableSecret):
        Cipher([NEW]).rotate_text(damaged)


@pytest.mark.parametrize("keys", [[], [""], ["short"], ["not a key"]])
def test_bad_keys_are_refused_without_being_shown(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="encryption key") as caught:
        Cipher(keys)
    assert "not a key" not in str(caught.value)
