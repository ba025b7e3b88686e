"""Queries made up by hypothesis: every kind of leaf and condition, over words and values that a test gives."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from hypothesis import strategies as st

from search.text import dates
from search.text.misreadings import misreadings
from search.text.tokens import fold_word
from search.values.article import Article, Evidence
from search.values.scan import ScanPage

Texts = st.SearchStrategy[str]


Ranges = list[tuple[int, int, bool]]


def with_main(article: Article, main: list[bool], ranges: Ranges | None = None) -> Article:
    """The article with evidence that says which of its countries are main ones, and where its values are mentioned.

    Args:
        ranges: the start and the length of passages, and whether each is in the title; some are outside.
    """
    marks = zip(article.country, main, strict=False)
    said = {"country": [Evidence(code, None, None, "", "name", 0.9, main=mark) for code, mark in marks], "person": []}
    for number, (start, length, title) in enumerate(ranges or ()):
        facet = ("person", "country")[number % 2]
        values = getattr(article, facet)
        if not values:
            continue
        value = values[number // 2 % len(values)]
        within: Literal["title", "text"] = "title" if title else "text"
        said[facet].append(Evidence(value, start, start + length, "", "name", 0.9, within))
    evidence = {facet: tuple(entries) for facet, entries in said.items() if entries}
    return replace(article, evidence=evidence) if evidence else article


ADDRESSES = ("a.example", "a.example/News/1", "a.example/news/10", "b.example/été", "b.example", "a")
"""Web addresses without their scheme, and beginnings of some."""

SCANS = (
    (), (), (ScanPage("1", note="It is a TIFF."),), (ScanPage(picture=f"{'a' * 64}.jpg"),),
    (ScanPage("1"), ScanPage("2", picture=f"{'b' * 64}.png")),
)  # fmt: skip
"""Pages of articles, with and without a picture."""


def leaf_texts(words: Texts) -> Texts:
    """Queries of one leaf."""
    several = st.lists(words, min_size=2, max_size=3).map(" ".join)
    leaf = (
        words
        | several.map('"{}"'.format)
        | st.builds('"{}"~{}'.format, several, st.integers(0, 6))
        | words.map("={}".format)
        | several.map('="{}"'.format)
        | words.map(lambda word: f"{word[:4]}*")
        | st.builds("{}{}".format, words.flatmap(_misspelt), st.sampled_from(["~", "~1", "~2"]))
        | st.builds(
            "{}~ocr{}".format,
            words.flatmap(_misread),
            st.just("") | st.builds("{}{}".format, st.sampled_from("-="), words),
        )
        | several.map('"{}"~ocr'.format)
    )
    leaf = leaf | together_texts(leaf.filter(lambda text: not re.search(r'"~', text)))
    return leaf | st.builds("{}:{}".format, st.sampled_from(["title", "text"]), leaf)


def together_texts(parts: Texts) -> Texts:
    """Parts in one sentence, in one paragraph, or near each other."""
    several = st.lists(parts, min_size=2, max_size=2).map(" OR ".join).map("({})".format)
    joint = st.sampled_from([" /s ", " /s ", " /p ", " /1 ", " /3 ", " /5 "])
    either = parts | several
    return st.builds("({}{}{})".format, either, joint, either) | st.builds(
        "({0}{1}{2}{1}{3})".format, either, joint, either, parts
    )


LANGUAGES = st.sampled_from([None, "en", "en", "fr", "de", "es", "pt", "nl", "it", "fi"])
"""Those whose sentences end differently, one without signs of its own, and none."""
SIGNS = st.sampled_from(
    [" "] * 9 + [". ", ".\n\n", "? ", ".” ", "\n", "\n  ", "。", ".“ ", ". „", ". » — ", " 3. ", " Sra. ", " bzw. "]
)
"""What stands between words; some end a sentence, in some language, or a paragraph, if a capital follows."""


def sentences_of(words: Texts, most: int) -> Texts:
    """Texts of some words, in sentences."""
    parts = st.lists(st.tuples(words, SIGNS, st.booleans()), max_size=most)
    return parts.map(lambda found: "".join(f"{word.capitalize() if big else word}{sign}" for word, sign, big in found))


def _misspelt(word: str) -> Texts:
    """A word with its letters a little out of order, or one missing."""
    places = st.integers(1, max(1, len(word) - 2))
    return (
        st.just(word)
        | places.map(lambda at: word[:at] + word[at + 1 :])
        | places.map(lambda at: word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :])
    )


def _misread(word: str) -> Texts:
    """A word with a place or two that a program for OCR has misread."""
    return st.sampled_from(sorted(misreadings(fold_word(word))))


def condition_texts(names: Texts, countries: Texts, topics: Texts, sources: Texts, days: Texts) -> Texts:
    """Queries of one condition; the strategies draw what articles have, and a little more."""
    return (
        st.builds("person:{}".format, names.map('"{}"'.format))
        | st.builds("country:{}".format, countries)
        | st.builds("topic:{}".format, topics)
        | st.builds("source:{}".format, sources.map('"{}"'.format))
        | st.builds("language:{}".format, st.sampled_from(["en", "French", "de"]))
        | st.builds("published:{}".format, days)
        | st.builds("published:{}..{}".format, days, days | st.just(""))
        | st.builds("published:..{}".format, days)
        | st.builds("mentioned:{}".format, days)
        | st.builds("mentioned:{}..{}".format, days, days | st.just(""))
        | st.integers(0, 12).map("id:a{}".format)
        | st.builds("url:{}{}".format, st.sampled_from(["", "https://", "WWW."]), st.sampled_from(ADDRESSES))
        | st.sampled_from(["added:2026-11-26", "added:..2026-11-25", "added:2026-11.."])
    )


def query_texts(parts: Texts, most: int = 5) -> Texts:
    """Queries of several parts, joined in every way."""
    return st.recursive(
        parts,
        lambda inner: (
            st.builds("({} {})".format, inner, inner)
            | st.builds("({} OR {})".format, inner, inner)
            | inner.map("NOT {}".format)
            | st.builds("({} {} {})@{}".format, inner, inner, inner, st.integers(1, 4))
        ),
        max_leaves=most,
    )


def in_order(days: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """Two ends of a range, so that it does not end before it begins."""
    first, last = days
    backwards = first is not None and last is not None and dates.parse(first).first > dates.parse(last).last
    return (last, first) if backwards else days
