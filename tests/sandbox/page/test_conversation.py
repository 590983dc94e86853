"""Members talk, run commands and use what the bot shows."""

import re

import pytest
from playwright.async_api import Page, expect
from tests.sandbox.page.conftest import Visit
from tests.sandbox.page.small_bot import SmallBot

from discord_sandbox.server import Sandbox

BOX = '[data-composer="text"]'


async def run_play(page: Page, typed: str = "even") -> None:
    """Type /play, and take the suggestion that fits."""
    await page.locator(BOX).press_sequentially("/pla")
    await expect(page.get_by_role("option", name="/play")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.locator('[data-option="query"]').press_sequentially(typed)
    await expect(page.get_by_role("option", name="Hymn of the Evening")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator(".embed-title")).to_have_text("Now playing")


async def test_a_typed_message_reaches_both_windows(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await alice.locator(BOX).fill("hello **bob**, see #music now")
    await alice.keyboard.press("Enter")
    for page in (alice, bob):
        message = page.locator(".message").last
        await expect(message.locator("strong")).to_have_text("bob")
        await expect(message.locator("button.mention")).to_have_text("#music")
        await expect(message.locator(".author")).to_have_text("Alice")


async def test_the_others_see_who_is_typing(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await alice.locator(BOX).press_sequentially("hel")
    await expect(bob.locator(".typing")).to_have_text("Alice is typing")


async def test_a_suggestion_is_picked_and_the_answer_shown(visit: Visit, bot: SmallBot) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await run_play(alice)
    for page in (alice, bob):
        embed = page.locator(".embed")
        await expect(embed).to_contain_text("Hymn of the Evening x1")
        await expect(page.locator(".above")).to_contain_text("Alice used /play")
    assert "even" in bot.asked


@pytest.mark.usefixtures("bot")
async def test_a_value_out_of_range_is_not_sent(visit: Visit) -> None:
    page = await visit("alice")
    await page.locator(BOX).press_sequentially("/play ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("This option is required.")
    await page.locator('[data-option="query"]').fill("https://example.org/a.opus")
    await page.locator('[data-composer="tail"]').focus()
    await page.get_by_role("option", name="times").click()
    await page.locator('[data-option="times"]').fill("12")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("At most 9.")
    await page.locator('[data-option="times"]').fill("3")
    await page.keyboard.press("Enter")
    await expect(page.locator(".embed")).to_contain_text("https://example.org/a.opus x3")


@pytest.mark.usefixtures("bot")
async def test_escape_steps_back_to_the_commands(visit: Visit) -> None:
    page = await visit("alice")
    await page.locator(BOX).press_sequentially("/play ")
    await expect(page.locator(".command-name")).to_have_text("/play")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.locator(BOX)).to_have_value("/play")
    await expect(page.get_by_role("option", name="/play")).to_be_visible()


@pytest.mark.usefixtures("bot")
async def test_a_button_changes_the_message_for_everybody(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await run_play(alice)
    await bob.get_by_role("button", name="Skip").click()
    for page in (alice, bob):
        await expect(page.locator(".embed-title")).to_have_text("Skipped")
        await expect(page.locator(".embed")).to_contain_text("@Bob")


@pytest.mark.usefixtures("bot")
async def test_a_form_is_checked_filled_and_sent(visit: Visit) -> None:
    page = await visit("alice")
    await run_play(page)
    await page.get_by_role("button", name="Note").click()
    form = page.get_by_role("dialog", name="Leave a note")
    await form.get_by_role("button", name="Submit").click()
    await expect(form.get_by_role("alert")).to_have_text("This field is required.")
    await form.get_by_label("Title").fill("Rehearsal")
    await form.get_by_label("Text").fill("at nine\nin the hall")
    await form.get_by_role("button", name="Submit").click()
    await expect(page.locator(".message").last).to_contain_text("Noted Rehearsal: at nine")
    await expect(form).to_have_count(0)


@pytest.mark.usefixtures("bot")
async def test_several_choices_are_answered_for_one_person_only(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await run_play(alice)
    await alice.locator(".select-face").click()
    await alice.get_by_role("option", name="Calm").click()
    await alice.get_by_role("option", name="Dark").click()
    await alice.get_by_role("button", name=re.compile("Done")).click()
    answer = alice.locator(".message.ephemeral")
    await expect(answer).to_contain_text("Moods: Calm, Dark")
    await expect(answer).to_contain_text("Only you can see this")
    await expect(bob.locator(".message.ephemeral")).to_have_count(0)
    await answer.get_by_role("button", name="Dismiss message").click()
    await expect(answer).to_have_count(0)
    await alice.reload()
    await expect(alice.locator(".embed-title")).to_have_text("Now playing")
    await expect(answer).to_have_count(0)


@pytest.mark.usefixtures("bot")
async def test_a_bot_that_does_not_answer_is_named(visit: Visit, sandbox: Sandbox) -> None:
    sandbox.interactions.exchange.answer_seconds = 0.2
    page = await visit("alice")
    await page.locator(BOX).press_sequentially("/sleepy ")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pending-line.failed")).to_contain_text(
        "The application did not respond"
    )


@pytest.mark.usefixtures("bot")
async def test_a_command_on_a_message(visit: Visit) -> None:
    page = await visit("alice")
    await page.locator(BOX).fill("seven..")
    await page.keyboard.press("Enter")
    await page.locator(".message").last.click(button="right")
    await page.get_by_role("menuitem", name="Count letters").click()
    await expect(page.locator(".message").last).to_contain_text("7 letters")


async def test_one_becomes_another_member(visit: Visit) -> None:
    page = await visit("alice")
    await page.get_by_role("button", name=re.compile("You are Alice")).click()
    await page.locator('[data-become="carol"]').click()
    await expect(page.locator(".me-names strong")).to_have_text("Carol")
    assert "as=carol" in page.url
    # A moderator sees a channel that others do not.
    await expect(page.locator(".channel", has_text="mod-log")).to_be_visible()


async def test_reactions_replies_edits_and_threads(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await alice.locator(BOX).fill("first")
    await alice.keyboard.press("Enter")
    first = bob.locator(".message", has_text="first")
    await first.hover()
    await first.get_by_role("button", name="Add reaction").click()
    await bob.get_by_role("menuitem", name="React with 🎉").click()
    await expect(alice.locator(".reaction")).to_contain_text("1")
    await alice.locator(".reaction").click()
    await expect(bob.locator(".reaction")).to_contain_text("2")
    await first.hover()
    await first.get_by_role("button", name="Reply").click()
    await bob.locator(BOX).fill("second")
    await bob.keyboard.press("Enter")
    await expect(alice.locator(".message").last.locator(".above")).to_contain_text("Alice")
    await alice.locator(BOX).focus()
    await alice.keyboard.press("ArrowUp")
    await alice.locator(".editor").fill("first, edited")
    await alice.keyboard.press("Enter")
    edited = bob.locator(".message", has_text="first, edited").first
    await expect(edited.locator(".edited")).to_have_text("(edited)")
    await alice.locator(".message").first.click(button="right")
    await alice.get_by_role("menuitem", name="Create thread").click()
    await expect(alice.locator(".head h1")).to_have_text("first, edited")
    await alice.locator(BOX).fill("inside")
    await alice.keyboard.press("Enter")
    await bob.locator(".channel.thread").click()
    await expect(bob.locator(".message").last).to_contain_text("inside")


async def test_an_unread_channel_is_marked(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await bob.get_by_role("button", name="music", exact=True).click()
    await bob.locator(BOX).fill("@alice listen")
    await bob.keyboard.press("Enter")
    music = alice.locator(".channel", has_text="music").first
    await expect(music.locator(".mentions")).to_have_text("1")
    await music.click()
    await expect(alice.locator(".message.pinged")).to_contain_text("@Alice listen")
    await expect(music.locator(".mentions")).to_have_count(0)


async def test_a_file_is_sent_and_shown(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360f8cfc0f01f00050001ff9b0a5f6b0000000049454e44ae426082"
    )
    await alice.locator('.box input[type="file"]').set_input_files(
        {"name": "star.png", "mimeType": "image/png", "buffer": pixel}
    )
    await expect(alice.locator(".attached-file")).to_contain_text("star.png")
    await alice.locator(BOX).press("Enter")
    await expect(bob.locator(".attachments img")).to_have_attribute("alt", "star.png")
