"""The passages of a text, chosen by looking at every sentence with regular expressions: the oracle of the kernels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from search.snippets import signs
from search.snippets.passages import COUNT, LENGTH
from search.values.results import Mark, Snippet

Span = tuple[int, int, int, int]

_BREAK = r"(?:[^\S\n]*\n\s*|[\x20\u3000]{2,}|\t)"
PARAGRAPH = re.compile(rf"\n{_BREAK}")
"""The separator of paragraphs: a blank line, or the indent of the next; other newlines only wrap lines."""
_BLANK = "[\x20\xa0\u202f]*"


def _end(closing: str, opening: str, start: str) -> re.Pattern[str]:
    """The end of a sentence: what may close it, what may open the next, and what that begins with."""
    return re.compile(
        rf"""[.!?…。！？\n]  # what the pattern begins with, so that a text is passed through quickly
        (?: (?<=[.!?…]) {closing} \s+ (?= {opening} [{start}] )
          | (?<=\n) {_BREAK}
          | (?<=[。！？])
        )""",
        re.VERBOSE,
    )


_CLOSING, _OPENING, _START = r"""["”’')\]“‘«»‹›]*""", r"""["“‘'(\[„‚”«»‹›—–¿¡]""", rf"^\Wa-z_{signs.SMALL}"


@cache
def _signs(language: str | None) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The end of a sentence, and an abbreviation before it, which makes it none."""
    if language in (None, "en"):
        end = _end(r"""["”’')\]]*""", r"""["“‘'(\[]?""", r"^\Wa-z_")
        words = [*signs.ABBREVIATIONS]
    else:
        closing = f"{_CLOSING}(?:{_BLANK}»)?" if language == "fr" else _CLOSING
        end = _end(closing, f"(?:{_OPENING}{_BLANK})?", _START)
        own = signs.OTHERS[language].split() if language in signs.OTHERS else signs.ABBREVIATIONS
        words = [f"[{word[0]}{word[0].upper()}]{word[1:]}" for word in own]
    if language == "de":
        words.append("[1-9][0-9]?")
    return end, re.compile(rf"(?:\b(?:{'|'.join(words)})|\b[^\W\d_])\.$")


def choose(text: str, found: Sequence[Span], language: str | None) -> tuple[Snippet, ...]:
    """The best passages of a text, in text order; its beginning if there is no match.

    Args:
        found: the matches, by start, the longest first.
    """
    if not found:
        lead = lead_of(text, language)
        return (Snippet(lead),) if lead else ()
    best = _best(text, found, language)
    cut = [_cut(text, start, end, found) for start, end in best]
    whole = [len(one.text) == end - start for one, (start, end) in zip(cut, best, strict=True)]
    if len(best) == COUNT == 2 and all(whole):
        between = text[best[0][1] : best[1][0]]
        if not between.strip() and not PARAGRAPH.search(between):
            shift = best[1][0] - best[0][0]
            moved = tuple((start + shift, end + shift) for start, end in cut[1].marks)
            return (Snippet(cut[0].text + between.replace("\n", " ") + cut[1].text, cut[0].marks + moved),)
    return tuple(cut)


def lead_of(text: str, language: str | None) -> str:
    """The beginning of a text, whole sentences if they fit, for an article shown without a query."""
    for start, end in sentences(text[: 4 * LENGTH], language):
        if end - start > 0:
            return _cut(text, start, _grow(text, start, end, language), []).text
    return ""


def merge(found: Iterable[Span]) -> tuple[Mark, ...]:
    """The ranges to highlight: ascending, not overlapping."""
    merged: list[Mark] = []
    for start, end, *_ in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def sentences(text: str, language: str | None) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, without surrounding spaces. The end of a paragraph ends one."""
    start = 0
    end, abbreviation = _signs(language)
    for match in end.finditer(text):
        stop = match.start() + 1
        if PARAGRAPH.search(match[0]) or not abbreviation.search(text, max(start, stop - 6), stop):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The passage without surrounding spaces, unless there is nothing else."""
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    if start < end:
        yield start, end


def _best(text: str, found: Sequence[Span], language: str | None) -> list[tuple[int, int]]:
    """The `COUNT` passages with the most different words of the query, then the most of them, then the earliest."""
    scored: list[tuple[int, int, int, int]] = []
    at = 0
    each = sentences(text, language)
    for start, end in each:
        leaves: set[int] = set()
        begun = at
        while at < len(found) and found[at][0] < end:
            leaves.add(found[at][2])
            while end < found[at][3]:  # words of one leaf may extend into the next sentence
                end = next(each)[1]
            at += 1
        if leaves:
            scored.append((-len(leaves), begun - at, start, end))
            if at == len(found):
                break
    chosen: list[tuple[int, int]] = []
    for _, _, start, end in sorted(scored)[:COUNT]:
        chosen.append((start, end))
    chosen.sort()
    if len(chosen) == 1:
        chosen[0] = (chosen[0][0], _grow(text, *chosen[0], language))
    return chosen


def _grow(text: str, start: int, end: int, language: str | None) -> int:
    """Extend by the following sentences of the same paragraph, while they fit."""
    for _, next_end in sentences(text[end : end + LENGTH], language):
        if end + next_end - start > LENGTH or PARAGRAPH.search(text, end, end + next_end) or next_end == LENGTH:
            break
        return _grow(text, start, end + next_end, language)
    return end


def _cut(text: str, start: int, end: int, found: Sequence[Span]) -> Snippet:
    """A passage as a snippet, cut down around its first mark if it is much longer than `LENGTH`."""
    before = after = ""
    inside = [mark for mark in found if start <= mark[0] and mark[1] <= end]
    if end - start > LENGTH * 1.5:
        first, last = inside[0][:2] if inside else (start, start)
        left = max(start, min(first - LENGTH // 3, end - LENGTH))
        right = min(end, max(left + LENGTH, last))
        if left > start:
            space = text.find(" ", left, first)
            start, before = (space + 1 if space >= 0 else left), "… "
        if right < end:
            space = text.rfind(" ", last, right)
            end, after = (space if space > start else right), " …"
    shift = start - len(before)
    marks = merge(mark for mark in inside if start <= mark[0] and mark[1] <= end)
    return Snippet(before + text[start:end].replace("\n", " ") + after, tuple((a - shift, b - shift) for a, b in marks))
