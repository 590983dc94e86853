"""The queue equals a plain model, whatever is done to it."""

from hypothesis import given
from hypothesis import strategies as st

from seraphim.features.music.rules.errors import NothingBefore, NothingNext
from seraphim.features.music.rules.queue import (
    MAX_HISTORY,
    Entry,
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
from seraphim.kernel.ids import UserId

LIMIT = 12
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["last", "next", "now"]), st.integers(1, 5)),
        st.tuples(st.just("advance"), st.integers(1, 4)),
        st.tuples(st.sampled_from(["back", "clear", "end", "retire"]), st.just(0)),
    ),
    max_size=60,
)


def entry(number: int) -> Entry:
    return Entry(f"e{number}", Track("library", f"{number}", f"Song {number}"), UserId(number % 3))


class Plain:
    """Lists of names: what the queue should be."""

    def __init__(self) -> None:
        self.current: str | None = None
        self.upcoming: list[str] = []
        self.history: list[str] = []

    def add(self, names: list[str], place: str) -> None:
        fitting = names[: max(0, LIMIT - len(self.upcoming))]
        self.upcoming = self.upcoming + fitting if place == "last" else fitting + self.upcoming

    def advance(self, steps: int) -> None:
        if self.current is not None:
            self.history.append(self.current)
        self.history += self.upcoming[: steps - 1]
        rest = self.upcoming[steps - 1 :]
        self.current, self.upcoming = (rest[0] if rest else None), rest[1:]
        self.history = self.history[-MAX_HISTORY:]

    def back(self) -> None:
        if self.current is not None:
            self.upcoming.insert(0, self.current)
        self.current = self.history.pop()


@given(OPERATIONS)
def test_any_sequence_of_operations_equals_the_plain_model(  # noqa: C901 - one branch an operation
    operations: list[tuple[str, int]],
) -> None:
    queue, plain, made = Queue(), Plain(), 0
    for name, count in operations:
        match name:
            case "last" | "next" | "now":
                new = [entry(made + offset) for offset in range(count)]
                made += count
                place = name if name in {"last", "next"} else "now"
                queue, placed = add(queue, new, place=place, limit=LIMIT)  # pyright: ignore[reportArgumentType] - one of the three
                plain.add([e.entry_id for e in new], name)
                assert [e.entry_id for e in placed] == [e.entry_id for e in new][: len(placed)]
            case "advance":
                if count > 1 and count > len(plain.upcoming):
                    try:
                        advance(queue, "skipped", steps=count)
                    except NothingNext:
                        continue
                    raise AssertionError("a jump past the end was accepted")
                queue = advance(queue, "skipped", steps=count)
                plain.advance(count)
            case "back":
                if not plain.history:
                    try:
                        back(queue)
                    except NothingBefore:
                        continue
                    raise AssertionError("there was nothing to go back to")
                queue = back(queue)
                plain.back()
            case "clear":
                queue = clear(queue)
                plain.upcoming = []
            case "retire":
                queue = retire(queue, "failed")
                if plain.current is not None:
                    plain.history = [*plain.history, plain.current][-MAX_HISTORY:]
                plain.current = None
            case _:
                queue = end(queue)
                plain.upcoming = []
                plain.advance(1)
        check(queue, plain)


def check(queue: Queue, plain: Plain) -> None:
    assert (queue.current.entry_id if queue.current else None) == plain.current
    assert [e.entry_id for e in queue.upcoming] == plain.upcoming
    assert [past.entry.entry_id for past in queue.history] == plain.history
    listed = [*([queue.current] if queue.current else []), *queue.upcoming]
    positions = [e.position for e in listed]
    assert len(set(positions)) == len(positions)
    assert positions == sorted(positions)
    sequences = [past.sequence for past in queue.history]
    assert sequences == sorted(set(sequences))
    assert all(sequence < queue.next_sequence for sequence in sequences)


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
