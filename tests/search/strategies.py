"""Queries made up by hypothesis: every kind of leaf and condition, over words and values that a test gives."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from search import dates
from search.article import Article, Evidence

Texts = st.SearchStrategy[str]


def with_main(article: Article, main: list[bool]) -> Article:
    """The article with evidence that says which of its countries are main ones."""
    marks = zip(article.country, main, strict=False)
    evidence = tuple(Evidence(code, None, None, "", "name", 0.9, main=mark) for code, mark in marks)
    return replace(article, evidence={"country": evidence}) if evidence else article


ADDRESSES = ("a.example", "a.example/News/1", "a.example/news/10", "b.example/été", "b.example", "a")
"""Web addresses without their scheme, and beginnings of some."""


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
    )
    return leaf | st.builds("{}:{}".format, st.sampled_from(["title", "text"]), leaf)


def _misspelt(word: str) -> Texts:
    """A word with its letters a little out of order, or one missing."""
    places = st.integers(1, max(1, len(word) - 2))
    return (
        st.just(word)
        | places.map(lambda at: word[:at] + word[at + 1 :])
        | places.map(lambda at: word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :])
    )


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
        ),
        max_leaves=most,
    )


def in_order(days: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """Two ends of a range, so that it does not end before it begins."""
    first, last = days
    backwards = first is not None and last is not None and dates.parse(first).first > dates.parse(last).last
    return (last, first) if backwards else days
