"""What the vendor saw: the requests of its log, by what they were for."""

from __future__ import annotations

from typing import Any

from tests.world import API, World


def pages_asked(world: World, resource: str) -> list[int]:
    """Page numbers of a list in the order in which they were asked for."""
    return [int(call["query"].get("page", 1)) for call in calls(world, f"{API}/{resource}/")]


def calls(world: World, path: str, method: str = "GET") -> list[dict[str, Any]]:
    """Requests of exactly that path."""
    return [call for call in world.log() if (call["path"], call["method"]) == (path, method)]


def logins(world: World) -> int:
    """How often somebody logged in with a password."""
    return len(calls(world, "/opensolar/api-token-auth/", "POST"))


def renewals(world: World) -> int:
    """How often a token was exchanged for a fresh one."""
    return len(calls(world, "/opensolar/api/fetch_token/"))
