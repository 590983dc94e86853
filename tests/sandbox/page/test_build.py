"""The committed page is built from the committed sources."""

import hashlib
from pathlib import Path

import pytest

from discord_sandbox.page.routes import STATIC_DIR, PageMissing, load_assets

FRONTEND = Path(__file__).parents[3] / "frontend" / "sandbox-page"


def test_the_built_page_is_not_older_than_its_sources() -> None:
    names = [path.relative_to(FRONTEND).as_posix() for path in FRONTEND.glob("src/**/*.*")]
    digest = hashlib.sha256()
    for name in sorted([*names, "build.mjs", "package-lock.json"]):
        digest.update(f"{name}\n".encode())
        digest.update((FRONTEND / name).read_bytes())
    built = (STATIC_DIR / "sources.sha256").read_text().strip()
    assert digest.hexdigest() == built, "the page's sources changed: run `make assets`"


def test_an_unbuilt_page_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PageMissing, match="make assets"):
        load_assets(tmp_path)
