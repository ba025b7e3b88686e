"""The addresses of IIIF, each below the address of the service; those of canvases are the pages that people read."""

from __future__ import annotations

from service.params import entity_path

Version = int
"""Of the Content Search API: 2, and 1 for viewers that do not know it yet."""


def manifest(base: str, source: str, name: str) -> str:
    """Of an issue."""
    return f"{_issue(base, source, name)}/manifest"


def collection(base: str, source: str, year: int | None = None) -> str:
    """Of the issues of a title, or those of a year."""
    return f"{base}/iiif{entity_path.written('title', source)}" + (f"?year={year}" if year is not None else "")


def content_search(base: str, version: Version, source: str, name: str) -> str:
    """Of the search in an issue."""
    return f"{_issue(base, source, name)}/search" + (f"/{version}" if version != 2 else "")


def canvas(base: str, source: str, name: str, number: int) -> str:
    """Of a page, by its number in the issue, from 1."""
    return f"{entity_path.issue(source, name, base)}?page={number}"


def image(base: str, article_id: str, number: int) -> str:
    """Of the image service of a page of an article, by its number among them, from 1."""
    return f"{base}/iiif/scan/{article_id}/{number}"


def named(issue: str) -> tuple[str, str]:
    """The name and the source of an issue, from its part of a path as the server has decoded it."""
    name, _, source = entity_path.read(issue).partition(" ")
    return name, source


def _issue(base: str, source: str, name: str) -> str:
    return f"{base}{entity_path.written('iiif', f'{name} {source}')}"
