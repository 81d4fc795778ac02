"""Where a redirect may lead: inside the vendor's own host with our token, elsewhere without it and never inside.

A vendor's files often lie in a store of another host. Whoever could make the vendor point there could otherwise make
us read what only our own network reaches, so every address that a name stands for is judged as it is connected to.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from portal.lib.call import Call, origin
from portal.lib.errors import PermanentError, TransientError, VendorError

FOLLOWED = (301, 302, 303, 307, 308)
INSIDE, ELSEWHERE = 3, 5
"""How many redirects are followed, inside the vendor's host and where other hosts are allowed."""

_KEPT = ("Accept", "Accept-Encoding", "User-Agent")
_PRIVATE = tuple(
    ipaddress.ip_network(block)
    for block in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
)
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that a gateway turns into the IPv4 address in their last four bytes."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One address on the way to an answer. `permits` judges the addresses of another host; None inside our own."""

    url: str
    headers: dict[str, str] = field(repr=False)
    permits: Callable[[str], bool] | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether this is, or came by way of, another host than the vendor's."""
        return self.permits is not None


def first_hop(call: Call) -> Hop:
    """The address that was asked for."""
    return Hop(call.url, call.headers)


def next_hop(call: Call, current: Hop, location: str) -> Hop | None:
    """Where a redirect leads; None where it is not followed.

    Without `call.elsewhere` that is every other host. With it, other hosts are asked without our headers, by http or
    https (never from https back to http); once there, even the way back is gone without them.
    """
    try:
        url = urljoin(current.url, location)
        parts = urlsplit(url)
        same = origin(url) == origin(call.url)
    except ValueError:
        return None
    if not location or not call.reads:
        return None
    if same and not current.is_elsewhere:
        return Hop(url, current.headers)
    downgrade = parts.scheme == "http" and current.url.startswith("https://")
    if not call.elsewhere or parts.scheme not in ("http", "https") or not parts.hostname or downgrade:
        return None
    if parts.username is not None:
        return None
    plain = {name: value for name, value in call.headers.items() if name in _KEPT}
    return Hop(url, plain, _rule_for(urlsplit(call.url).hostname or ""))


def refused_elsewhere(vendor: str, status: int) -> VendorError:
    """What it means that another host refuses: nothing about our login, and a fresh link may work."""
    sentence = f"{vendor} points to a file that its store does not give out ({status}). Try again later."
    return TransientError(sentence, status=status, sent=True)


def not_followed(vendor: str, status: int) -> VendorError:
    """The redirect leads where we do not go."""
    return PermanentError(f"{vendor} points to another address ({status}). Check the base address.", status=status)


def is_public(address: str) -> bool:
    """Whether an IP address, as text, belongs to the internet and to nobody's own network."""
    found = _parsed(address)
    return found is not None and found.is_global and not found.is_multicast


def _rule_for(own_host: str) -> Callable[[str], bool]:
    """Public addresses; private ones only where the connection's own host has one (a sandbox, a house of one's own).

    Link-local addresses, where clouds keep their keys, are never among them.
    """

    def permits(address: str) -> bool:
        return is_public(address) or (_is_private(address) and any(map(_is_private, _addresses(own_host))))

    return permits


def _is_private(address: str) -> bool:
    found = _parsed(address)
    return found is not None and any(found in block for block in _PRIVATE if block.version == found.version)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found in _TRANSLATED:
            return ipaddress.IPv4Address(found.packed[-4:])
        return found.ipv4_mapped or found.sixtofour or found
    return found


def _addresses(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []
