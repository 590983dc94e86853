"""What a manifest says of itself is what its code does."""

import ast
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from seraphim.app.wiring import wire
from seraphim.kernel.config import load_config
from seraphim.kernel.feature import Feature
from seraphim.kernel.kernel import open_kernel

FEATURES = Path(__file__).parents[2] / "src" / "seraphim" / "features"
PACKAGE = "seraphim.features."


@pytest.fixture
async def features(tmp_path: Path) -> AsyncIterator[tuple[Feature, ...]]:
    """The real catalogue, built and not connected."""
    kernel = await open_kernel(load_config({"SERAPHIM_DATA_DIR": str(tmp_path)}, None))
    wiring = wire(kernel)
    yield wiring.features
    await wiring.close()
    await kernel.close()


def imported_features(folder: Path) -> set[str]:
    """Return the other features whose modules the Python files below ``folder`` import."""
    modules: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules.update(name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                assert node.level == 0, f"{path} imports relatively"
                modules.update(f"{node.module}.{name.name}" for name in node.names)
    found = {
        name.removeprefix(PACKAGE).split(".")[0] for name in modules if name.startswith(PACKAGE)
    }
    return found - {folder.name}


async def test_a_feature_needs_exactly_what_it_imports(features: tuple[Feature, ...]) -> None:
    declared = {feature.name: set(feature.needs) for feature in features}
    real = {feature.name: imported_features(FEATURES / feature.name) for feature in features}
    assert declared == real


async def test_every_folder_of_a_feature_is_in_the_catalogue(features: tuple[Feature, ...]) -> None:
    folders = {path.parent.name for path in FEATURES.glob("*/feature.py")}
    assert folders == {feature.name for feature in features}


def test_an_import_of_another_feature_is_seen(tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "service"
    mine.mkdir(parents=True)
    (mine / "work.py").write_text(
        "import seraphim.features.music.ports\n"
        "from seraphim.features import status\n"
        "from seraphim.features.mine.rules import one\n"
        "def late():\n    from seraphim.features.settings.service import Change\n"
    )
    assert imported_features(tmp_path / "mine") == {"music", "status", "settings"}
