"""The documents say what the code does: tables are derived, names are all there, and the README's commands run."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from search.fields import FIELDS
from service.app import routes
from service.archive import Archive
from service.cli import main
from service.params import PARAMETERS, Parameter
from service.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
COMMANDS = sorted(main.commands)


def table(document: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", (DOCS / document).read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def rows(*lines: tuple[str, ...]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def values(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(f"`{choice}`" for choice in parameter.choices)
    if parameter.bounds:
        low, high = parameter.bounds
        return f"{low} to {high}" if high is not None else f"from {low}"
    return {"boolean": "`true`, `false`"}.get(parameter.kind, f"`{parameter.example}`" if parameter.example else "text")


def parameters() -> str:
    return rows(
        ("parameter", "values", "meaning"),
        ("---", "---", "---"),
        *[(f"`{p.name}`", values(p), p.help) for p in PARAMETERS],
    )


def article_fields() -> str:
    return rows(("field", "holds"), ("---", "---"), *[(f"`{f.name}`", f.help) for f in FIELDS])


def settings() -> str:
    return rows(
        ("variable", "default", "meaning"),
        ("---", "---", "---"),
        *[
            (f"`{PREFIX}{f.name.upper()}`", f"`{f.default}`" if f.default != "" else "", f.metadata["help"])
            for f in fields(Settings)
        ],
    )


@pytest.mark.parametrize(
    ("document", "name", "derived"),
    [
        ("api.md", "parameters", parameters()),
        ("formats.md", "fields", article_fields()),
        ("operations.md", "settings", settings()),
    ],
)
def test_tables_are_those_of_the_code(document: str, name: str, derived: str) -> None:
    assert table(document, name) == derived


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_helps_with_an_example(name: str) -> None:
    command = main.commands[name]
    text = command.get_help(click.Context(command, info_name=f"dateline {name}"))

    assert re.search(rf"`dateline {name}[ `]", (ROOT / "README.md").read_text("utf-8"))
    assert text.split("Options:")[0].count("Example:") == 1
    assert f"  dateline {name}" in text


def test_every_route_is_in_the_api_document() -> None:
    text = (DOCS / "api.md").read_text("utf-8").replace("{id}", "{article_id}")

    for address, resource in routes(Archive("x"), Settings()):
        for method in ("GET", "POST", "DELETE"):
            assert not hasattr(resource, f"on_{method.lower()}") or f"`{method} {address}`" in text


def test_every_dependency_has_a_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (DOCS / "dependencies.md").read_text("utf-8")

    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = re.split(r"[=<>\[]", requirement)[0]
        assert f"`{name}`" in text


def test_documents_that_are_named_exist() -> None:
    for document in [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *DOCS.glob("*.md")]:
        for name in re.findall(r"`((?:docs/)?[a-z-]+\.md)`|\]\(([^):]+)\)", document.read_text("utf-8")):
            named = next(filter(None, name))
            assert (ROOT / named).exists() or (DOCS / named).exists(), f"{document.name} names {named}"


def test_modules_that_the_architecture_names_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for package, name in re.findall(r"`(search|indexer|service)\.([a-z_.]+)[a-zA-Z_]*`", text):
        path = ROOT / package / name.replace(".", "/")
        assert path.with_suffix(".py").exists() or path.exists() or path.parent.with_suffix(".py").exists(), name
