"""The queue equals a plain model, whatever is done to it, in memory and in the database."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from seraphim.features.music import store
from seraphim.features.music.rules.errors import (
    NothingBefore,
    NothingNext,
    NothingToRemove,
    NothingToShuffle,
    PlacesUnclear,
    PlaceUnknown,
)
from seraphim.features.music.rules.ordering import (
    move,
    read_places,
    remove,
    remove_absent,
    remove_by,
    remove_duplicates,
    shuffle,
)
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import (
    MAX_HISTORY,
    Entry,
    Loop,
    Outcome,
    Place,
    Queue,
    add,
    advance,
    back,
    clear,
    end,
    forget_member,
    retire,
)
from seraphim.features.music.rules.track import Track
from seraphim.kernel.db import metadata
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.ids import GuildId, UserId

LIMIT = 12
GUILD = GuildId(1)
PLACES = st.sampled_from(list[Place](["last", "next", "now"]))
LOOPS = st.sampled_from(list[Loop](["off", "track", "queue"]))
OUTCOMES = st.sampled_from(list[Outcome](["played", "skipped", "failed"]))


def entry(number: int) -> Entry:
    """An entry; every fifth number names the same track."""
    return Entry(
        f"e{number}", Track("library", f"{number % 5}", f"Song {number}"), UserId(number % 3)
    )


@cache
def database() -> sa.Engine:
    """An empty database in memory, with the tables of music."""
    engine = sa.create_engine("sqlite://")
    tables = [table for table in metadata.sorted_tables if table.name.startswith("music_")]
    metadata.create_all(engine, tables)
    return engine


class QueueMachine(RuleBasedStateMachine):
    """Does the same to the queue and to plain lists of names, and stores every step."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.current: str | None = None
        self.upcoming: list[str] = []
        self.history: list[str] = []
        self.made = 0
        self.stored: Player | None = None
        self.conn = database().connect()
        self.unit = self.conn.begin()

    def teardown(self) -> None:
        """Leave the database as it was."""
        self.unit.rollback()
        self.conn.close()

    @rule(count=st.integers(1, 5), place=PLACES)
    def adds(self, count: int, place: Place) -> None:
        """Somebody asks for songs."""
        new = [entry(self.made + offset) for offset in range(count)]
        self.made += count
        self.queue, placed = add(self.queue, new, place=place, limit=LIMIT)
        fitting = [e.entry_id for e in new][: max(0, LIMIT - len(self.upcoming))]
        after = [self.upcoming, fitting] if place == "last" else [fitting, self.upcoming]
        self.upcoming = [*after[0], *after[1]]
        assert [e.entry_id for e in placed] == fitting

    @rule(steps=st.integers(1, 4), loop=LOOPS, outcome=OUTCOMES)
    def advances(self, steps: int, loop: Loop, outcome: Outcome) -> None:
        """A song ends, is skipped or fails."""
        if steps > 1 and steps > len(self.upcoming):
            with pytest.raises(NothingNext):
                advance(self.queue, outcome, steps=steps, loop=loop)
            return
        self.queue = advance(self.queue, outcome, steps=steps, loop=loop)
        ended = [] if self.current is None else [self.current]
        if ended and loop == "track" and outcome == "played":
            self.history = [*self.history, *ended][-MAX_HISTORY:]
            return
        passed = self.upcoming[: steps - 1]
        self.history = [*self.history, *ended, *passed][-MAX_HISTORY:]
        self.upcoming = self.upcoming[steps - 1 :]
        if loop == "queue":
            self.upcoming += [*(ended if outcome != "failed" else []), *passed]
        self.current = self.upcoming.pop(0) if self.upcoming else None

    @rule()
    def goes_back(self) -> None:
        """Somebody wants the song before."""
        history = list(self.history)
        while history and history[-1] == self.current:
            history.pop()
        if not history:
            with pytest.raises(NothingBefore):
                back(self.queue)
            return
        self.queue = back(self.queue)
        previous = history.pop()
        self.upcoming = [name for name in self.upcoming if name != previous]
        if self.current is not None:
            self.upcoming.insert(0, self.current)
        self.current, self.history = previous, history

    @rule(seed=st.integers(0, 99))
    def shuffles(self, seed: int) -> None:
        """Somebody shuffles."""
        numbers = list(range(len(self.upcoming)))
        SeededDice(seed).shuffle(numbers)
        if len(numbers) < 2:
            with pytest.raises(NothingToShuffle):
                shuffle(self.queue, numbers)
            return
        self.queue = shuffle(self.queue, numbers)
        self.upcoming = [self.upcoming[number] for number in numbers]

    @rule(place=st.integers(0, LIMIT + 1), to=st.integers(0, LIMIT + 1))
    def moves(self, place: int, to: int) -> None:
        """Somebody gives a song another place."""
        count = len(self.upcoming)
        if not (1 <= place <= count and 1 <= to <= count):
            with pytest.raises(PlaceUnknown):
                move(self.queue, place, to)
            return
        self.queue, moved = move(self.queue, place, to)
        assert moved.entry_id == self.upcoming[place - 1]
        self.upcoming.insert(to - 1, self.upcoming.pop(place - 1))

    @rule(places=st.sets(st.integers(1, LIMIT + 1), min_size=1, max_size=4))
    def removes(self, places: set[int]) -> None:
        """Somebody takes songs out by their numbers."""
        if max(places) > len(self.upcoming):
            with pytest.raises(PlaceUnknown):
                remove(self.queue, places)
            return
        self.queue, gone = remove(self.queue, places)
        assert [e.entry_id for e in gone] == [self.upcoming[n - 1] for n in sorted(places)]
        kept = enumerate(self.upcoming, start=1)
        self.upcoming = [name for number, name in kept if number not in places]

    @rule(user=st.integers(0, 2))
    def removes_by_member(self, user: int) -> None:
        """Somebody takes out what one member asked for."""
        self._removes(lambda queue: remove_by(queue, UserId(user)), lambda n: n % 3 == user)

    @rule(user=st.integers(0, 2))
    def removes_absent(self, user: int) -> None:
        """Only one member is left."""
        self._removes(lambda queue: remove_absent(queue, {UserId(user)}), lambda n: n % 3 != user)

    @rule()
    def removes_duplicates(self) -> None:
        """Each track once."""
        seen = set[int]() if self.current is None else {int(self.current[1:]) % 5}

        def is_repeated(number: int) -> bool:
            repeated = number % 5 in seen
            seen.add(number % 5)
            return repeated

        self._removes(remove_duplicates, is_repeated)

    def _removes(
        self,
        remove_some: Callable[[Queue], tuple[Queue, tuple[Entry, ...]]],
        is_gone: Callable[[int], bool],
    ) -> None:
        kept = [name for name in self.upcoming if not is_gone(int(name[1:]))]
        if kept == self.upcoming:
            with pytest.raises(NothingToRemove):
                remove_some(self.queue)
            return
        self.queue, gone = remove_some(self.queue)
        assert len(gone) == len(self.upcoming) - len(kept)
        self.upcoming = kept

    @rule()
    def clears(self) -> None:
        """Nothing waits any more."""
        self.queue, self.upcoming = clear(self.queue), []

    @rule()
    def gives_up(self) -> None:
        """The third song in a row has failed."""
        self.queue = retire(self.queue, "failed")
        if self.current is not None:
            self.history = [*self.history, self.current][-MAX_HISTORY:]
        self.current = None

    @rule()
    def ends(self) -> None:
        """Somebody stops the music."""
        self.queue = end(self.queue)
        if self.current is not None:
            self.history = [*self.history, self.current][-MAX_HISTORY:]
        self.current, self.upcoming = None, []

    @invariant()
    def equals_the_model(self) -> None:
        """The queue is what the lists say, bounded, and its numbers sort it."""
        queue = self.queue
        assert (queue.current.entry_id if queue.current else None) == self.current
        assert [e.entry_id for e in queue.upcoming] == self.upcoming
        assert [past.entry.entry_id for past in queue.history] == self.history
        assert len(queue.upcoming) <= LIMIT + 1, "going back puts the current song in front"
        listed = [*([queue.current] if queue.current else []), *queue.upcoming]
        positions = [e.position for e in listed]
        assert positions == sorted(set(positions))
        sequences = [past.sequence for past in queue.history]
        assert sequences == sorted(set(sequences))
        assert all(sequence < queue.next_sequence for sequence in sequences)

    @invariant()
    def survives_the_database(self) -> None:
        """What is stored as a difference is read back whole."""
        player = Player(GUILD, queue=self.queue)
        store.save_player(self.conn, self.stored, player, now_ms=0)
        read = store.find_player(self.conn, GUILD)
        self.stored = player
        assert read is not None
        assert _without_places(read.queue) == _without_places(self.queue)


def _without_places(queue: Queue) -> Queue:
    """What is over has no place any more."""
    past = (replace(one, entry=replace(one.entry, position=0)) for one in queue.history)
    return replace(queue, history=tuple(past))


TestQueue = QueueMachine.TestCase
TestQueue.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("3", (3,)),
        ("2-5", (2, 3, 4, 5)),
        ("5-2", (2, 3, 4, 5)),
        ("1, 4, 7-9", (1, 4, 7, 8, 9)),
        ("4 1 4", (1, 4)),
        (" 2 - 3 ", (2, 3)),
        ("2\u20133", (2, 3)),
        ("2..3;6", (2, 3, 6)),
    ],
)
def test_places_are_read_as_people_write_them(typed: str, places: tuple[int, ...]) -> None:
    assert read_places(typed, last=9) == places


@pytest.mark.parametrize("typed", ["", " , ", "two", "1-", "-1", "1-2-3", "1.5", "٣", "1e3"])
def test_what_is_no_place_is_refused(typed: str) -> None:
    with pytest.raises(PlacesUnclear):
        read_places(typed, last=9)


@pytest.mark.parametrize("typed", ["0", "10", "3-10", "999999"])
def test_places_that_do_not_exist_are_refused(typed: str) -> None:
    with pytest.raises(PlaceUnknown):
        read_places(typed, last=9)


def test_forgetting_a_member_keeps_their_songs() -> None:
    queue, _ = add(Queue(), [entry(n) for n in range(6)], place="last", limit=LIMIT)
    queue = advance(advance(queue, "played"), "played")

    forgotten = forget_member(queue, UserId(0))

    def names(value: Queue) -> list[UserId | None]:
        listed = [past.entry for past in value.history]
        listed += [value.current] if value.current else []
        return [e.requested_by for e in (*listed, *value.upcoming)]

    assert names(forgotten) == [None, 1, 2, None, 1, 2]
    assert [e.entry_id for e in forgotten.upcoming] == [e.entry_id for e in queue.upcoming]
