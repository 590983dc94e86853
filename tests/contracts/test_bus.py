"""One contract, two buses: within a process, and between processes on a real Valkey."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest
from tests.support.servers import ValkeyServer

from seraphim.kernel.bus import Bus, Call, CallFailed, InProcessBus, NobodyAnswers, Topic
from seraphim.kernel.errors import NotFound, Unavailable
from seraphim.kernel.redis_bus import RedisBus


class Question(msgspec.Struct, frozen=True):
    number: int
    words: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    doubled: int


DOUBLE = Call("test.double", Question, Answer)
NEWS = Topic("test.news", Question)


class Buses:
    """Two ends of one bus: the same object in process, two connections on Redis."""

    def __init__(self, here: Bus, there: Bus) -> None:
        self.here = here
        self.there = there


@pytest.fixture(params=["in-process", "redis"])
async def buses(request: pytest.FixtureRequest) -> AsyncIterator[Buses]:
    if request.param == "in-process":
        bus = InProcessBus()
        yield Buses(bus, bus)
        await bus.close()
        return
    url: str = request.getfixturevalue("redis_url")
    here, there = await RedisBus.connect(url), await RedisBus.connect(url)
    yield Buses(here, there)
    await here.close()
    await there.close()


async def double(question: Question) -> Answer:
    return Answer(question.number * 2)


class Heard:
    """Collects announcements and lets a test wait for them."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._changed = asyncio.Event()

    async def __call__(self, news: Question) -> None:
        self.numbers.append(news.number)
        self._changed.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.numbers) < count:
                self._changed.clear()
                await self._changed.wait()


async def until_heard(heard: Heard, publish: Callable[[], Awaitable[None]], count: int = 1) -> None:
    """Publish until somebody hears: a subscription on Redis takes a moment to take effect."""
    async with asyncio.timeout(10):
        while len(heard.numbers) < count:
            await publish()
            await asyncio.sleep(0.01)


async def ask(bus: Bus, number: int, address: str = "") -> int:
    """Ask, again while the server's subscription is still on its way."""
    async with asyncio.timeout(10):
        while True:
            try:
                return (await bus.request(DOUBLE, Question(number), address=address)).doubled
            except NobodyAnswers:
                await asyncio.sleep(0.01)


async def test_a_request_is_answered(buses: Buses) -> None:
    await buses.there.serve(DOUBLE, double)
    assert await ask(buses.here, 21) == 42


async def test_many_requests_at_once_get_their_own_answers(buses: Buses) -> None:
    await buses.there.serve(DOUBLE, double)
    await ask(buses.here, 0)
    answers = await asyncio.gather(
        *(buses.here.request(DOUBLE, Question(number), timeout_seconds=30) for number in range(200))
    )
    assert [answer.doubled for answer in answers] == [number * 2 for number in range(200)]


async def test_without_a_server_the_asker_is_told_at_once(buses: Buses) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(NobodyAnswers, match=r"test\.double did not answer"):
            await buses.here.request(DOUBLE, Question(1), timeout_seconds=60)


async def test_a_silent_server_is_waited_for_only_so_long(buses: Buses) -> None:
    async def silent(question: Question) -> Answer:
        await asyncio.Event().wait()
        return await double(question)

    end = await buses.there.serve(DOUBLE, silent, address="quiet")
    with pytest.raises(NobodyAnswers):
        await buses.here.request(DOUBLE, Question(1), address="quiet", timeout_seconds=0.2)
    await end()


async def test_each_request_goes_to_one_of_several_servers(buses: Buses) -> None:
    calls: list[str] = []

    def server(name: str) -> Callable[[Question], Awaitable[Answer]]:
        async def answer(question: Question) -> Answer:
            calls.append(name)
            return await double(question)

        return answer

    await buses.here.serve(DOUBLE, server("a"))
    await buses.there.serve(DOUBLE, server("b"))
    await ask(buses.here, 0)
    calls.clear()
    for number in range(20):
        await buses.here.request(DOUBLE, Question(number))
    assert len(calls) == 20


async def test_addresses_keep_calls_apart(buses: Buses) -> None:
    await buses.there.serve(DOUBLE, double, address="shard-1")
    with pytest.raises(NobodyAnswers):
        await buses.here.request(DOUBLE, Question(1), address="shard-2")


async def test_a_servers_own_error_reaches_the_asker_as_a_sentence(buses: Buses) -> None:
    async def refuse(question: Question) -> Answer:
        raise NotFound(what=f"number {question.number}")

    async def break_down(question: Question) -> Answer:
        raise RuntimeError(f"internal detail {question}")

    await buses.there.serve(DOUBLE, refuse, address="refuses")
    await buses.there.serve(DOUBLE, break_down, address="breaks")
    with pytest.raises(CallFailed, match="it has been logged") as caught:
        await ask(buses.here, 7, address="breaks")
    assert "internal detail" not in str(caught.value)
    with pytest.raises(CallFailed, match="could not find number 7"):
        await buses.here.request(DOUBLE, Question(7), address="refuses")


async def test_news_reach_everyone_who_listens(buses: Buses) -> None:
    one, two = Heard(), Heard()
    await buses.here.subscribe(NEWS, one)
    await buses.there.subscribe(NEWS, two)

    async def publish() -> None:
        await buses.here.publish(NEWS, Question(5))

    await until_heard(one, publish)
    await until_heard(two, publish)
    assert set(one.numbers) == set(two.numbers) == {5}


async def test_news_arrive_in_order(buses: Buses) -> None:
    heard = Heard()
    await buses.there.subscribe(NEWS, heard)
    await until_heard(heard, lambda: buses.here.publish(NEWS, Question(-1)))
    for number in range(100):
        await buses.here.publish(NEWS, Question(number))
    async with asyncio.timeout(10):
        while not heard.numbers or heard.numbers[-1] != 99:
            await asyncio.sleep(0.005)
    assert [number for number in heard.numbers if number >= 0] == list(range(100))


async def test_a_listener_that_fails_does_not_disturb_the_others(buses: Buses) -> None:
    heard = Heard()

    async def fail(news: Question) -> None:
        raise RuntimeError(f"cannot take {news.number}")

    await buses.there.subscribe(NEWS, fail)
    await buses.there.subscribe(NEWS, heard)
    await until_heard(heard, lambda: buses.here.publish(NEWS, Question(1)), 2)


async def test_who_unsubscribes_hears_no_more(buses: Buses) -> None:
    leaving, staying = Heard(), Heard()
    end = await buses.there.subscribe(NEWS, leaving)
    await buses.there.subscribe(NEWS, staying)
    await until_heard(staying, lambda: buses.here.publish(NEWS, Question(1)))
    await end()
    known = len(leaving.numbers)
    seen = len(staying.numbers)
    await buses.here.publish(NEWS, Question(2))
    await staying.until(seen + 1)
    assert len(leaving.numbers) == known
    await buses.here.ping()


async def test_the_redis_bus_survives_a_restart_of_the_server() -> None:
    server = ValkeyServer()
    server.start()
    try:
        here, there = await RedisBus.connect(server.url), await RedisBus.connect(server.url)
        await there.serve(DOUBLE, double)
        assert await ask(here, 1) == 2
        await asyncio.to_thread(server.kill)
        with pytest.raises(Unavailable):
            await here.request(DOUBLE, Question(1))
        with pytest.raises(Unavailable):
            await here.ping()
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(20):
            while True:
                try:
                    assert (await here.request(DOUBLE, Question(4))).doubled == 8
                    break
                except Unavailable:
                    await asyncio.sleep(0.02)
        await here.close()
        await there.close()
    finally:
        server.remove()


async def test_a_redis_that_is_not_there_is_said_clearly() -> None:
    with pytest.raises(Unavailable, match="Redis is not available"):
        await RedisBus.connect("redis://127.0.0.1:1/0")
