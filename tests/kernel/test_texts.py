"""Texts: the right language, the right manner, and never a crash over a placeholder."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from seraphim.kernel import catalogs
from seraphim.kernel.texts import Texts, Translator, fill


def write(folder: Path, locale: str, catalog: Catalog) -> None:
    path = folder / locale / "LC_MESSAGES" / "seraphim.po"
    path.parent.mkdir(parents=True)
    catalogs.write(path, catalog)


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    german = Catalog(locale="de")
    german.add("Hello, {name}!", "Hallo, {name}!")
    german.add("Hello, {name}!", "Sei gegrüßt, {name}!", context="seraphim")
    german.add(("{n} song", "{n} songs"), ("{n} Lied", "{n} Lieder"))
    german.add("Broken {name}", "Kaputt {nmae}")
    english = Catalog(locale="en")
    english.add("Hello, {name}!", "Oh. {name}.", context="dry")
    portuguese = Catalog(locale="pt_BR")
    portuguese.add("Hello, {name}!", "Olá, {name}!")
    for locale, catalog in (("de", german), ("en", english), ("pt_BR", portuguese)):
        write(tmp_path, locale, catalog)
    catalogs.compile_all(tmp_path)
    return Texts(tmp_path)


@pytest.mark.parametrize(
    ("locale", "greeting"),
    [
        ("de", "Hallo, Ada!"),
        ("de-AT", "Hallo, Ada!"),
        ("pt-BR", "Olá, Ada!"),
        ("en-US", "Hello, Ada!"),
        ("en-GB", "Hello, Ada!"),
        ("fr", "Hello, Ada!"),
        (None, "Hello, Ada!"),
        ("../../etc", "Hello, Ada!"),
        ("", "Hello, Ada!"),
    ],
)
def test_discords_locales_find_their_catalog_or_english(
    texts: Texts, locale: str | None, greeting: str
) -> None:
    assert texts.translator(locale)("Hello, {name}!", name="Ada") == greeting


def test_a_persona_has_its_own_words_and_otherwise_speaks_plainly(texts: Texts) -> None:
    def greeting(locale: str, persona: str) -> str:
        return texts.translator(locale, persona)("Hello, {name}!", name="Ada")

    assert greeting("de", "seraphim") == "Sei gegrüßt, Ada!"
    assert greeting("de", "dry") == "Hallo, Ada!"
    assert greeting("en-US", "dry") == "Oh. Ada."
    assert greeting("en-US", "seraphim") == "Hello, Ada!"
    assert greeting("de", "nobody") == "Hallo, Ada!"


@pytest.mark.parametrize(("n", "said"), [(1, "1 Lied"), (2, "2 Lieder"), (0, "0 Lieder")])
def test_plurals_follow_the_language(texts: Texts, n: int, said: str) -> None:
    for persona in ("plain", "seraphim"):
        assert texts.translator("de", persona).plural("{n} song", "{n} songs", n) == said
    assert texts.translator("fr").plural("{n} song", "{n} songs", 1) == "1 song"


@pytest.mark.parametrize(
    ("text", "parameters", "filled"),
    [
        ("{name}", {}, "{name}"),
        ("{name} and {other}", {"name": "Ada"}, "Ada and {other}"),
        ("{", {}, "{"),
        ("}", {}, "}"),
        ("{}", {}, "{0}"),
        ("{0}", {}, "{0}"),
        ("{name!x}", {"name": 1}, "{name!x}"),
        ("{count:,}", {"count": 1234567}, "1,234,567"),
        ("{count:nonsense}", {"count": 5}, "5"),
        ("{{literal}}", {}, "{literal}"),
        ("{name.__class__}", {"name": "Ada"}, "{name.__class__}"),
        ("{name[0]}", {"name": "Ada"}, "{name[0]}"),
        ("{name}", {"name": "{name}"}, "{name}"),
    ],
)
def test_placeholders_never_raise_and_reach_into_nothing(
    text: str, parameters: dict[str, object], filled: str
) -> None:
    assert fill(text, parameters) == filled


def test_an_empty_text_is_not_the_catalogs_header(texts: Texts) -> None:
    assert texts.translator("de")("") == ""


def test_a_folder_without_catalogs_means_english(tmp_path: Path) -> None:
    texts = Texts(tmp_path)
    assert texts.locales == ("en",)
    assert isinstance(texts.translator("de"), Translator)
    assert texts.translator("de")("Hi") == "Hi"


def test_texts_are_found_in_the_sources_and_kept_in_the_catalogs(tmp_path: Path) -> None:
    source = tmp_path / "package"
    source.mkdir()
    (source / "errors.py").write_text(
        "class Gone(Exception):\n"
        '    code = "gone"\n'
        '    message = "It is gone, {name}."\n'
        "class Plain:\n"
        '    message = "not a text"\n'
        "def show(t):\n"
        '    return t("Shown " "here"), t.plural("{n} day", "{n} days", 2), N_("Later"), t(shown)\n'
    )
    locales = tmp_path / "locales"
    german = Catalog(locale="de")
    german.add("Later", "Später")
    german.add("Later", "Dereinst", context="seraphim")
    german.add("Outdated", "Veraltet")
    write(locales, "de", german)
    catalogs.update(locales, source)
    catalogs.compile_all(locales)
    assert {str(message.id) for message in catalogs.extract(source) if message.id} == {
        "It is gone, {name}.", "Shown here", "('{n} day', '{n} days')", "Later",
    }  # fmt: skip
    texts = Texts(locales)
    assert texts.translator("de")("Later") == "Später"
    assert texts.translator("de", "seraphim")("Later") == "Dereinst"
    assert texts.translator("de")("Outdated") == "Outdated"
    assert catalogs.problems(locales, source) == []


def test_missing_texts_wrong_placeholders_and_old_files_are_found(
    texts: Texts, tmp_path: Path
) -> None:
    del texts
    source = tmp_path / "package"
    source.mkdir()
    (source / "a.py").write_text('N_("Brand new")\n')
    (tmp_path / "pt_BR" / "LC_MESSAGES" / "seraphim.mo").write_bytes(b"")
    found = "\n".join(catalogs.problems(tmp_path, source))
    assert "Brand new" in found
    assert "Kaputt {nmae}" in found
    assert "pt_BR/LC_MESSAGES/seraphim.mo: out of date" in found
