"""The project list as a board: a column a stage with its count, kW, money and latest cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.access import Access
from projects.models import Milestone
from projects.services.lists.board_cards import Piece, first_pieces
from projects.services.lists.board_sums import Sums, sums_of
from projects.services.lists.criteria import OPEN, Criteria
from projects.services.stages import KNOWN, TRACK, stage_label, stage_tone, token_of
from projects.services.stages import OPEN as OPEN_STAGES

Stages = list[int | None]
AllSums = dict[int | None, Sums]
Pieces = dict[int | None, Piece]

# A vendor may invent any number of stages; columns behind these bring their cards when asked for.
COLUMNS_WITH_CARDS = 12
ICONS: dict[int, str] = {
    Milestone.PRESALE: "user",
    Milestone.LOCK_PRICING: "lock",
    Milestone.SOLD: "money",
    Milestone.INSTALLED: "check-circle",
    Milestone.OTHERS: "box",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of the board; `token` names it in addresses, `query` is the list of exactly these projects."""

    stage: int | None
    token: str
    label: str
    tone: str
    icon: str
    sums: Sums
    piece: Piece
    query: str

    @property
    def can_take(self) -> bool:
        """Whether a project can be moved here: OpenSolar's milestones are known, other numbers are only shown."""
        return self.stage in Milestone.values

    @property
    def has_more(self) -> bool:
        """Whether projects stand here that have no card yet."""
        return self.piece.next is not None or (not self.piece.cards and self.sums.count > 0)


@dataclass(frozen=True, slots=True)
class Board:
    """All columns, in the order in which a project passes them."""

    columns: Sequence[Column]

    @property
    def total(self) -> int:
        """All projects on the board."""
        return sum(column.sums.count for column in self.columns)


def board_of(access: Access, criteria: Criteria) -> Board:
    """The board of what fits the criteria, in a number of questions that never changes."""
    sums = sums_of(access, criteria)
    stages = _columns(criteria, sums)
    pieces = _pieces(access, criteria, stages)
    if not _agree(stages, sums, pieces):
        sums, before = sums_of(access, criteria, afresh=True), stages
        stages = _columns(criteria, sums)
        if len(before) > COLUMNS_WITH_CARDS:
            pieces = _pieces(access, criteria, stages)
    return Board([_column(criteria, stage, sums.get(stage, Sums()), pieces.get(stage, Piece())) for stage in stages])


def list_query(criteria: Criteria, stage: int | None) -> str:
    """The list of a stage's projects."""
    return criteria.query(stage=token_of(stage))


def _pieces(access: Access, criteria: Criteria, stages: Stages) -> Pieces:
    return first_pieces(access, criteria, stages[:COLUMNS_WITH_CARDS], stages[COLUMNS_WITH_CARDS:])


def _columns(criteria: Criteria, sums: AllSums) -> Stages:
    """Known milestones (those of the track also when empty), then other numbers, then those without a stage."""
    wanted = {"": TRACK, OPEN: OPEN_STAGES}.get(criteria.stage, ())
    stages: set[int | None] = {*sums, *(int(stage) for stage in wanted)}
    return sorted(stages, key=lambda stage: (stage is None, stage not in KNOWN, stage or 0))


def _agree(stages: Stages, sums: AllSums, pieces: Pieces) -> bool:
    """Whether sums that were kept can still be true beside the cards of now."""
    if not set(pieces) <= set(stages):
        return False
    for stage in stages[:COLUMNS_WITH_CARDS]:
        piece, count = pieces.get(stage, Piece()), sums.get(stage, Sums()).count
        shown = len(piece.cards)
        if (count <= shown) if piece.next else (count != shown):
            return False
    return True


def _column(criteria: Criteria, stage: int | None, sums: Sums, piece: Piece) -> Column:
    return Column(
        stage=stage,
        token=token_of(stage),
        label=stage_label(stage),
        tone=stage_tone(stage) if stage in KNOWN else "none",
        icon="more" if stage is None else ICONS.get(stage, "tag"),
        sums=sums,
        piece=piece,
        query=list_query(criteria, stage),
    )
