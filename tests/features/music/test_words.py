"""Words that can be typed in place of numbers are understood in the member's language."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from tests.kernel.test_texts import write

from seraphim.features.music.commands.arranging import read_fixed
from seraphim.kernel import catalogs
from seraphim.kernel.texts import Texts


@pytest.mark.parametrize(
    ("locale", "typed", "meant"),
    [
        ("de", "doppelte", "duplicates"),
        ("de", "duplicates", "duplicates"),
        ("de", "abwesende", "absent"),
        ("en", "everything that waits twice", "duplicates"),
        ("en", "doppelte", "doppelte"),
        ("de", "3-5", "3-5"),
    ],
)
def test_fixed_words_of_remove(tmp_path: Path, locale: str, typed: str, meant: str) -> None:
    german = Catalog(locale="de")
    german.add("duplicates", "Doppelte")
    german.add("absent", "Abwesende")
    write(tmp_path, "de", german)
    catalogs.compile_all(tmp_path)
    assert read_fixed(typed, Texts(tmp_path).translator(locale)) == meant
