"""The documents say what the code does: tables are derived, and what they name is there."""

from __future__ import annotations

import re
import tomllib
from xml.etree import ElementTree

import click
import falcon.testing

from benchmarks import page, tables
from benchmarks.page import filled
from indexer.readers.shared import picture_flaws, xml
from search.files import array_file, pictures
from search.local.format import layout, steps
from search.opensearch.address import PREFIX, Access
from search.syntax import parse
from search.syntax.nodes import Phrase
from service.archive import Archive
from service.commands.cli import main
from service.server.app import routes
from service.settings import Settings
from tests.cases import cases
from tests.derived import DOCS, OPENAPI, ROOT, TABLES, openapi

COMMANDS = sorted(main.commands)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
DOCUMENTS = [*(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")), *sorted(DOCS.glob("*.md"))]
PACKAGES = ("search", "desk", "indexer", "service", "dateline")
ELSEWHERE = {".tsv", "/api", "exact", "incomplete", "false"}
"""In backticks, and no name of code."""


def text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def name_of(requirement: str) -> str:
    return re.split(r"[=<>\[]", requirement)[0]


@cases("document", TABLES)
def test_tables_are_those_of_the_code(document: str) -> None:
    assert text(document) == filled(text(document), TABLES[document]), "run: make docs"


def test_the_description_of_the_api_is_that_of_the_code() -> None:
    assert OPENAPI.read_text("utf-8") == openapi(), "run: make docs"


def test_figures_are_those_that_were_kept() -> None:
    for path, told in page.documents().items():
        assert path.read_text("utf-8") == told, "run: python -m benchmarks --pages"


def test_plots_are_of_the_figures_that_were_kept() -> None:
    for path, drawn in page.images().items():
        ElementTree.fromstring(drawn)

        assert path.read_text("utf-8") == drawn, "run: python -m benchmarks --pages"


def test_every_benchmark_keeps_what_it_measures() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "benchmarks").glob("*.py")]
    named = {
        name
        for source in sources
        for line in source.splitlines()
        if "sheet = results.Sheet(" in line
        for name in re.findall(r'"(\w+)"', line)
        if "sheet.keep(" in source
    }
    assert named >= set(tables.SECTIONS)


@cases("name", COMMANDS)
def test_every_command_is_documented_and_helps_with_an_example(name: str) -> None:
    command = main.commands[name]
    said = command.get_help(click.Context(command, info_name=f"dateline {name}"))

    assert re.search(rf"^\| `dateline {name}[ `]", text("commands.md"), re.MULTILINE)
    assert said.split("Options:")[0].count("Example:") == 1
    assert f"  dateline {name}" in said


def test_every_command_that_is_named_is_one() -> None:
    for document in DOCUMENTS:
        for name in re.findall(r"(?:`|^|/)dateline ([a-z]+)", document.read_text("utf-8"), re.MULTILINE):
            assert name in COMMANDS, f"{document.name} names dateline {name}"


def test_every_route_is_in_the_api_document() -> None:
    api = text("api.md").replace("{id}", "{article_id}").replace("/{value}", "/{value:path}")

    for address, resource in routes(Archive("x"), Settings()):
        for method in ("GET", "POST", "DELETE"):
            assert not hasattr(resource, f"on_{method.lower()}") or f"`{method} {address}`" in api


def test_metrics_are_those_of_the_document(client: falcon.testing.TestClient) -> None:
    given = set(re.findall(r"^# TYPE (dateline_\w+)", client.simulate_get("/metrics").text, re.MULTILINE))
    told = set(re.findall(r"`(dateline_\w+)`", text("operations.md").split("## Metrics")[1].split("\n## ")[0]))

    assert {name for name in given if not name.endswith("_created")} == told


def test_settings_that_are_named_are_read() -> None:
    sources = [file.read_text("utf-8") for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    known = {f"DATELINE_{name.upper()}" for name in Settings.__dataclass_fields__}
    known |= {f"{PREFIX}{name.upper()}" for name in Access.__dataclass_fields__}
    known |= {name for source in sources for name in re.findall(r"DATELINE_[A-Z_]+[A-Z]", source)}
    for document in DOCUMENTS:
        for name in re.findall(r"DATELINE_[A-Z_]+[A-Z]", document.read_text("utf-8")):
            assert name in known, f"{document.name} names {name}"


def test_every_library_has_a_reason_and_a_way_out() -> None:
    extras = PROJECT["optional-dependencies"]
    decisions = text("decisions.md")
    for requirement in PROJECT["dependencies"]:
        assert re.search(rf"^\| `{name_of(requirement)}` \|([^|]+\|){{3}}$", decisions, re.MULTILINE), requirement
    for extra, requirements in extras.items():
        for requirement in requirements:
            named = f"`{name_of(requirement)}` | `dateline[{extra}]`" if extra != "dev" else f"`{name_of(requirement)}`"
            assert named in decisions, requirement


def test_documents_that_are_named_exist() -> None:
    for document in DOCUMENTS:
        for name in re.findall(r"`((?:docs/)?[A-Za-z-]+\.md)`|\]\(([^):]+)\)", document.read_text("utf-8")):
            named = next(filter(None, name))
            assert (ROOT / named).exists() or (DOCS / named).exists(), f"{document.name} names {named}"


def test_each_change_is_one_line_of_the_changelog() -> None:
    changes = [line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("- ")]

    assert [line for line in changes if len(line) > 120] == []
    assert len(changes) == len(set(changes))


def test_the_readme_names_every_document() -> None:
    for document in DOCS.glob("*.md"):
        assert f"`docs/{document.name}`" in README


def test_versions_of_python_are_declared_as_the_readme_says() -> None:
    first, last = re.findall(r"declared for Python 3\.(\d+) to 3\.(\d+)", README)[0]
    declared = [f"Programming Language :: Python :: 3.{minor}" for minor in range(int(first), int(last) + 1)]

    assert PROJECT["requires-python"] == f">=3.{first}"
    assert [entry for entry in PROJECT["classifiers"] if "Python :: 3." in entry] == declared


def test_the_files_of_an_index_are_of_the_version_that_is_described() -> None:
    engine = text("engine.md")

    assert f"`format`, {steps.FORMAT};" in engine
    assert f"the format's version (u32), {array_file.VERSION}, and `{array_file.MAGIC.decode()}`" in engine
    assert re.findall(r"`(\w+)`", engine.split("Columns of names are ")[1].split(".")[0]) == list(layout.NAMES)


def test_modules_that_are_named_exist() -> None:
    for document in DOCUMENTS:
        named = re.findall(
            rf"`((?:{'|'.join((*PACKAGES, 'tests', 'benchmarks'))})\.[a-zA-Z_.]+)`", document.read_text()
        )
        for name in named:
            path = ROOT / name.replace(".", "/")
            assert any(place.with_suffix(".py").exists() or place.is_dir() for place in (path, path.parent)), (
                f"{document.name} names {name}"
            )


def test_what_the_architecture_names_exists() -> None:
    """Under a heading `## search/local/ — …` a name in backticks is a module or a directory, or defined there."""
    everything = [path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    classes = {name for source in everything for name in re.findall(r"^class (\w+)", source, re.MULTILINE)}
    for heading, said in re.findall(
        r"^##+ ([a-z_/]+/) — .*?\n(.*?)(?=^## |^### |\Z)", ARCHITECTURE, re.MULTILINE | re.DOTALL
    ):
        folder = ROOT / heading
        assert folder.is_dir(), heading
        known = {path.stem for path in folder.rglob("*") if "__pycache__" not in path.parts}
        sources = [path.read_text("utf-8") for path in folder.rglob("*.py")]
        for name in re.findall(r"`([^`]+)`", said):
            first = re.split(r"[./(]", name.removeprefix(heading.rstrip("/") + "."))[0]
            defined = rf"^\s*(?:def|class) {re.escape(first)}\b|^\s*{re.escape(first)}(?:: .*)? = "
            assert (
                first in known
                or (ROOT / name.replace(".", "/")).with_suffix(".py").exists()
                or (ROOT / name).exists()
                or any(re.search(defined, source, re.MULTILINE) for source in sources)
                or first in classes
                or name in ELSEWHERE
            ), f"{heading}: {name}"


def test_data_and_models_of_others_are_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.tsv")):
        head = "".join(line for line in path.read_text("utf-8").splitlines(keepends=True)[:6] if line.startswith("#"))

        assert path.name in notice or not re.search(r"CC BY|MIT|Unicode|©|public domain", head), path
    models = [*(ROOT / "indexer" / "languages").rglob("*.npz")]
    assert models
    for path in models:
        assert path.name in notice
        assert path.with_suffix(".md").exists()


def test_the_bounds_of_xml_are_those_of_its_reader() -> None:
    formats = " ".join(text("formats.md").split())
    bounds = (
        f"{xml.MAX_BYTES >> 20} MB, {xml.MAX_ELEMENTS:,} elements (a word has one or two) or {xml.MAX_ATTRIBUTES} attr"
    )
    assert f"hOCR file of more than {bounds}" in formats
    assert f"{pictures.MAX_BYTES >> 20} MB and {picture_flaws.MAX_PIXELS // 10**6} million pixels" in formats


@cases("typed", ["石油价格", "東京タワー"])
def test_characters_without_a_space_between_them_are_a_phrase(typed: str) -> None:
    assert parse(typed).tree == parse(f'"{typed}"').tree == Phrase(tuple(typed))
    assert "are a phrase, as if they were quoted" in " ".join(text("query-language.md").split())
