"""Which contacts and systems belong to which project, without a table of them.

Projects come in blocks of twelve. A block has sixteen systems (1.33 a project, none to three each) and fifteen
contacts: fifteen references by its projects to fourteen of them, one shared by two, and one that no project names.
Only the order inside a block is drawn, so that any record of a hundred thousand is found by arithmetic.
"""

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from portal.sandbox.opensolar.draw import Kind, draw

PROJECTS, SYSTEMS, CONTACTS = 12, 16, 15
_SYSTEM_COUNTS = (0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3)
_CONTACT_COUNTS = (1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2)


class Block(NamedTuple):
    """Offsets inside one block; a project's own are named by its position."""

    systems: tuple[int, ...]
    """Where each project's systems start; the thirteenth is the total."""
    contacts: tuple[tuple[int, ...], ...]
    seen: tuple[int, ...]
    """How many different contacts the first n projects name."""


@lru_cache(maxsize=16_384)
def block(seed: int, org: int, number: int) -> Block:
    chance = draw(seed, org, Kind.BLOCK, number)
    counts = chance.sample(_SYSTEM_COUNTS, PROJECTS)
    references = chance.sample(_CONTACT_COUNTS, PROJECTS)
    sharer = chance.choice([place for place in range(1, PROJECTS) if references[place] == 1])
    contacts: list[tuple[int, ...]] = []
    seen = [0]
    for place, wanted in enumerate(references):
        fresh = seen[-1]
        own = (contacts[chance.randrange(place)][0],) if place == sharer else tuple(range(fresh, fresh + wanted))
        contacts.append(own)
        seen.append(fresh if place == sharer else fresh + wanted)
    return Block((0, *accumulate(counts)), tuple(contacts), tuple(seen))


class Layout:
    """The relations of one organisation's projects; everything is counted from 0."""

    def __init__(self, seed: int, org: int, projects: int) -> None:
        self.seed = seed
        self.org = org
        self.projects = projects
        whole, rest = divmod(projects, PROJECTS)
        last = self._block(whole)
        self.systems = whole * SYSTEMS + last.systems[rest]
        self.contacts = whole * CONTACTS + last.seen[rest]

    def systems_of(self, project: int) -> range:
        number, place = divmod(project, PROJECTS)
        starts = self._block(number).systems
        return range(number * SYSTEMS + starts[place], number * SYSTEMS + starts[place + 1])

    def contacts_of(self, project: int) -> list[int]:
        number, place = divmod(project, PROJECTS)
        return [number * CONTACTS + offset for offset in self._block(number).contacts[place]]

    def project_of(self, system: int) -> tuple[int, int]:
        """The project a system belongs to, and the system's order in it."""
        number, offset = divmod(system, SYSTEMS)
        starts = self._block(number).systems
        place = bisect_right(starts, offset) - 1
        return number * PROJECTS + place, offset - starts[place]

    def _block(self, number: int) -> Block:
        return block(self.seed, self.org, number)
