"""Encryption of stored secrets: Fernet with a list of keys, the first encrypts and all decrypt."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UndecryptableSecret(Exception):
    """No configured key opens this secret: it was written under a key that is gone, or it was damaged."""


class Cipher:
    """Encrypts and decrypts text. `keys` are URL-safe base64 Fernet keys; ValueError if there is none or one is bad."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("At least one encryption key is needed.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise ValueError("An encryption key is not 32 bytes in URL-safe base64.") from None

    def encrypt_text(self, text: str) -> str:
        """The text under the first key; two calls never give the same result."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt_text(self, secret: str) -> str:
        """The text that was encrypted under any of the keys; UndecryptableSecret otherwise."""
        try:
            return self._fernet.decrypt(secret.encode()).decode()
        except InvalidToken:
            raise UndecryptableSecret("A stored secret cannot be read with the configured encryption keys.") from None

    def rotate_text(self, secret: str) -> str:
        """The same secret encrypted anew under the first key; UndecryptableSecret if no key opens it."""
        try:
            return self._fernet.rotate(secret.encode()).decode("ascii")
        except InvalidToken:
            raise UndecryptableSecret("A stored secret cannot be read with the configured encryption keys.") from None
