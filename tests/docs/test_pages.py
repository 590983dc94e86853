"""What holds for every page: links lead somewhere, and nothing is stale or of one machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.pages import PAGES, ROOT, anchors, blocks, links, name_of
from tests.support.servers import child_environment

OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|Users|mnt|private)/|[A-Z]:\\")
KNOWN_LANGUAGES = {"bash", "python", "js", "text"}


def test_there_are_pages() -> None:
    assert len(PAGES) > 15


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost: list[str] = []
    for link in links(page):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert not lost, f"these links of {name_of(page)} lead nowhere: {lost}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_speaks_of_one_machine(page: Path) -> None:
    found = OF_ONE_MACHINE.findall(page.read_text(encoding="utf-8"))
    assert not found, f"{name_of(page)} has paths of somebody's machine: {found}"


def test_every_block_says_what_it_is() -> None:
    """A block in an unknown language would be checked by nobody."""
    unknown = [block.where for block in blocks() if block.language not in KNOWN_LANGUAGES]
    assert not unknown, f"give these blocks one of {sorted(KNOWN_LANGUAGES)}: {unknown}"


def test_the_generated_pages_are_what_the_code_says() -> None:
    """A process of its own: the pages list every error class that is loaded."""
    done = subprocess.run(
        [sys.executable, "-m", "seraphim.app.documents", "--check"],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
