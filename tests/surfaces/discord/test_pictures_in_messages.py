"""Pictures go with an answer, a follow-up, a message of its own, and are replaced by an edit."""

from io import BytesIO
from typing import Any

import aiohttp
import pytest
from PIL import Image
from tests.surfaces.conftest import House

from discord_sandbox.driver import Reply


async def shown_size(message: Any) -> tuple[int, int]:
    """Fetch the picture that the message's embed shows; it is the message's only file."""
    (embed,) = message.embeds
    url = embed["image"]["url"]
    assert [each["url"] for each in message.attachments] == [url]
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.content_type == "image/png"
        return Image.open(BytesIO(await response.read())).size


@pytest.mark.parametrize("how", ["now", "late"])
async def test_an_answer_shows_its_picture(house: House, how: str) -> None:
    alice = await house.alice()
    answer = await alice.slash("draw", how=how)
    await answer.until(lambda message: bool(message.embeds))
    assert await shown_size(answer.message) == (320, 160)
    assert answer.message.attachments[0]["filename"] == "first.png"


@pytest.mark.parametrize("name", ["Repaint", "Later"])
async def test_an_edit_replaces_the_picture(house: House, name: str) -> None:
    alice = await house.alice()
    answer: Reply = await alice.slash("draw", how="now")
    await answer.click(name)
    await answer.until(lambda message: "second" in message.text)
    assert await shown_size(answer.message) == (400, 160)


async def test_an_edit_without_a_picture_removes_it(house: House) -> None:
    alice = await house.alice()
    answer: Reply = await alice.slash("draw", how="now")
    await answer.click("Plain")
    await answer.until(lambda message: "plain" in message.text)
    assert answer.message.attachments == []
    assert "image" not in answer.message.embeds[0]


@pytest.mark.parametrize(("how", "size"), [("posted", (320, 160)), ("revised", (400, 160))])
async def test_a_message_that_answers_nothing_carries_one_too(
    house: House, how: str, size: tuple[int, int]
) -> None:
    alice = await house.alice()
    await alice.slash("draw", how=how)
    messages = await alice.use("general").messages()
    drawn = next(each for each in reversed(messages) if each.embeds)
    assert await shown_size(drawn) == size
