"""The addresses of IIIF, each below the address of the service; those of canvases are the pages that people read."""

from __future__ import annotations

from datetime import date

from service.params import entity_path

Version = int
"""Of the Content Search API: 2, and 1 for viewers that do not know it yet."""


def manifest(base: str, source: str, day: date) -> str:
    """Of an issue."""
    return f"{base}/iiif/issue{entity_path.written(day.isoformat(), source)}"


def collection(base: str, source: str, year: int | None = None) -> str:
    """Of the issues of a title, or those of a year."""
    return f"{base}/iiif{entity_path.written('title', source)}" + (f"?year={year}" if year is not None else "")


def content_search(base: str, version: Version, source: str, day: date) -> str:
    """Of the search in an issue."""
    return f"{base}/iiif/search/{version}{entity_path.written(day.isoformat(), source)}"


def canvas(base: str, source: str, day: date, number: int) -> str:
    """Of a page, by its number in the issue, from 1."""
    return f"{entity_path.issue(source, day, base)}?page={number}"


def image(base: str, article_id: str, number: int) -> str:
    """Of the image service of a page of an article, by its number among them, from 1."""
    return f"{base}/iiif/scan/{article_id}/{number}"
