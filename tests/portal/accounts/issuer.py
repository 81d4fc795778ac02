"""An OpenID Connect issuer on 127.0.0.1 that signs real tokens, and can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

CLIENT_ID, SECRET = "the-portal", "between the two of us"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def at_work(server: HTTPServer, settings: Any) -> FakeIssuer:
    """An issuer that the portal is configured for."""
    fake = FakeIssuer(server)
    settings.OIDC = {
        "OIDC_ISSUER": fake.url,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "Sunny ID",
    }
    return fake


def leave(client: Client, **body: str) -> str:
    """Presses the button; the issuer's address that the page moves on to."""
    page = client.post("/accounts/oidc/login/", body).content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert found, page
    return unescape(found[1])


@dataclass
class FakeIssuer:
    """`claims` are laid over what its tokens say; `key` signs them, `published` is what it tells the world."""

    server: HTTPServer
    key: Any = field(default_factory=new_key)
    published: Any = None
    claims: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    about: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    exchanges: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published = self.published or self.key.public_key()
        self.server.expect_request("/.well-known/openid-configuration").respond_with_handler(self._describe)
        self.server.expect_request("/keys").respond_with_handler(self._keys)
        self.server.expect_request("/token", method="POST").respond_with_handler(self._exchange)
        self.server.expect_request("/userinfo").respond_with_handler(self._userinfo)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def visit(self, address: str, email: str | None) -> dict[str, str]:
        """A person signs in there: what the browser brings back to the portal."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["client_id"] == CLIENT_ID
        assert set(query["scope"].split()) == {"openid", "profile", "email"}
        self.asked = query
        if email is not None:
            self.claims = {"email": email, "email_verified": True, **self.claims}
        return {"code": "a-code", "state": query["state"]}

    def _describe(self, request: Request) -> Response:
        endpoints = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        about = {name: f"{self.url}/{path}" for name, path in endpoints.items()}
        more = {"issuer": self.url, "userinfo_endpoint": f"{self.url}/userinfo"}
        return Response(json.dumps({**about, **more, **self.about}), content_type="application/json")

    def _keys(self, request: Request) -> Response:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.published))
        return Response(json.dumps({"keys": [{**key, "kid": "k1", "use": "sig", "alg": "RS256"}]}))

    def _exchange(self, request: Request) -> Response:
        form = request.form.to_dict()
        self.exchanges.append(form)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if form["client_secret"] != SECRET or form["code"] != "a-code" or proof != self.asked["code_challenge"]:
            return Response("{}", 400)
        body = {"access_token": "opens the userinfo", "token_type": "Bearer", "id_token": self.token()}
        return Response(json.dumps(body), content_type="application/json")

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "sub": "marie", "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims = {**claims, "nonce": self.asked.get("nonce"), **self.claims}
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(said, self.key, self.algorithm, headers={"kid": "k1", **self.headers})

    def _userinfo(self, request: Request) -> Response:
        assert request.headers["Authorization"] == "Bearer opens the userinfo"
        return Response(json.dumps({"sub": "marie", **self.userinfo}), content_type="application/json")
