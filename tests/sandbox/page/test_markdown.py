"""Messages look as Discord writes them: one page, many messages."""

import re

from playwright.async_api import Page
from tests.sandbox.page.conftest import Visit

from discord_sandbox.server import Sandbox

CASES = {
    "**bold** *it* _it_ __under__ ~~gone~~": (
        "<strong>bold</strong> <em>it</em> <em>it</em> <u>under</u> <s>gone</s>"
    ),
    "***both***": "<strong><em>both</em></strong>",
    "**bold *and it* in**": "<strong>bold <em>and it</em> in</strong>",
    "2 * 3 * 4 and snake_case_name": "2 * 3 * 4 and snake_case_name",
    r"\*not it\*": "*not it*",
    "`a *b* <@1>`": "<code>a *b* &lt;@1&gt;</code>",
    "``a ` b``": "<code>a ` b</code>",
    "```py\nx = 1\n```": '<pre data-language="py"><code>x = 1</code></pre>',
    "# One\n## Two\n-# small": (
        '<div role="heading" class="heading h1" aria-level="3">One</div>'
        '<div role="heading" class="heading h2" aria-level="4">Two</div>'
        '<small class="subtext">small</small>'
    ),
    "- a\n- **b**": "<ul><li>a</li><li><strong>b</strong></li></ul>",
    "3. c\n4. d": '<ol start="3"><li>c</li><li>d</li></ol>',
    "> quoted\nafter": "<blockquote>quoted</blockquote>after",
    ">>> a\nb": "<blockquote>a<br>b</blockquote>",
    "[text](https://example.org/a)": (
        '<a target="_blank" rel="noopener noreferrer" href="https://example.org/a">text</a>'
    ),
    "see https://example.org/b.": (
        'see <a target="_blank" rel="noopener noreferrer" '
        'href="https://example.org/b">https://example.org/b</a>.'
    ),
    "[x](javascript:alert(1))": "[x](javascript:alert(1))",
    "one\ntwo": "one<br>two",
    "@everyone": '<span class="mention">@everyone</span>',
    "<@999999999999999999>": '<span class="mention">@unknown-user</span>',
    "<b>no</b> &amp;": "&lt;b&gt;no&lt;/b&gt; &amp;amp;",
}


async def drawn(page: Page, sandbox: Sandbox, text: str) -> str:
    """Post a message and return the HTML of its text, without what the template engine leaves."""
    assert sandbox.seeded is not None
    channel = sandbox.seeded.guild.channel_named("general")
    message = sandbox.world.post_message(channel, sandbox.seeded.people["bob"], {"content": text})
    markdown = page.locator(f'[data-message="{message.id}"] .markdown').first
    html = re.sub(r"<!--.*?-->", "", await markdown.inner_html())
    return re.sub(r">\s+|\s+<", lambda found: found[0].strip(), html) if "\n" in html else html


async def test_markdown(visit: Visit, sandbox: Sandbox) -> None:
    page = await visit("alice")
    wrong = {
        text: html
        for text, expected in CASES.items()
        if (html := await drawn(page, sandbox, text)) != expected
    }
    assert wrong == {}


async def test_a_spoiler_opens_by_a_press(visit: Visit, sandbox: Sandbox) -> None:
    page = await visit("alice")
    await drawn(page, sandbox, "it is ||the gardener||")
    spoiler = page.get_by_role("button", name="Spoiler")
    await spoiler.press("Enter")
    assert await page.locator(".spoiler.open").inner_text() == "the gardener"


async def test_a_moment_is_said_as_the_reader_counts(visit: Visit, sandbox: Sandbox) -> None:
    page = await visit("alice")
    seconds = int(sandbox.world.clock.now().timestamp()) + 7200 + 30
    assert "in 2 hours" in await drawn(page, sandbox, f"<t:{seconds}:R>")
