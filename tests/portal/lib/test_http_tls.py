"""Over TLS: our own certificate bundle counts, a bad certificate is told, the deadline reaches below the encryption."""

import ipaddress
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.lib import errors
from portal.lib.http import Transport
from tests.portal.lib.wire import Wire, start_wire


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


@pytest.fixture
def secure_wire(certificate: Path) -> Iterator[Wire]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = start_wire(context)
    yield server
    server.stop()


def test_certificate_of_the_environment_is_trusted(
    secure_wire: Wire, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    secure_wire.answers(b'{"id": 1}')
    line = Transport(secure_wire.url, name="Sunvendor")
    assert line.request("GET", "/x/").json() == {"id": 1}
    line.close()


def test_deadline_cuts_a_dribbled_body_under_tls(
    secure_wire: Wire, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    secure_wire.dribbles(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b" ")
    line = Transport(secure_wire.url, name="Sunvendor", retries=0)
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceeded):
        line.request("GET", "/x/", deadline=0.2)
    assert time.monotonic() - started < 10
    line.close()


def test_bad_certificate_is_told_and_not_repeated(secure_wire: Wire, slept: list[float]) -> None:
    line = Transport(secure_wire.url, name="Sunvendor", sleep=slept.append)
    with pytest.raises(errors.PermanentError, match="certificate that is not valid"):
        line.request("GET", "/x/")
    assert slept == []
    line.close()
