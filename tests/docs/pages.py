"""The documents, and what is in them: code blocks, links, headings."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES: tuple[Path, ...] = tuple(
    path
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md")))
    if path.is_file()
)
_FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=ticks)$",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: str
    """Path below the project's root."""
    line: int
    language: str
    body: str

    @property
    def where(self) -> str:
        """``docs/page.md:12``."""
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """The file the block says it is, in a comment on its first line."""
        first = self.body.split("\n", 1)[0]
        name = re.fullmatch(r"(?:#|//) (\S+\.\w+)", first)
        return name[1] if name else None


def name_of(page: Path) -> str:
    """Return the page's path below the project's root."""
    return page.relative_to(ROOT).as_posix()


def blocks(*languages: str) -> list[Block]:
    """Return every block in one of these languages; all blocks without any."""
    found: list[Block] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in _FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(name_of(page), line, match["language"], match["body"]))
    return [block for block in found if not languages or block.language in languages]


def files_in(page: str) -> dict[str, str]:
    """Return the blocks of a page that are files, by name."""
    return {block.file: block.body for block in blocks() if block.page == page and block.file}


def prose(page: Path) -> str:
    """Return the page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Return where the page's links lead."""
    return _LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page)))


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub makes of the page's headings."""
    found = _HEADING.findall(prose(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
