"""The language of a text by its script, where one language has it: Japanese, Korean, Greek, Thai and others.

A few letters are enough, which no model is sure about. Arabic, Cyrillic, Devanagari and others have several languages;
so have Chinese characters, unless kana stand among them.

Cost: 2 microseconds for other texts, some 300 for one in Japanese, which then needs no model.

Source: the blocks of Unicode.
"""

from __future__ import annotations

import re
from collections import Counter

WORD = 3
"""The least number of letters next to each other; fewer are signs, such as Ω and μΩ. Two are a word in `SHORT`."""
SHORT = frozenset({"ja", "ko"})
"""The languages whose letters are syllables."""
SCRIPTS = {
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "hy": "\u0531-\u058f",
    "he": "\u0591-\u05f4\ufb1d-\ufb4f",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "or": "\u0b00-\u0b7f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "my": "\u1000-\u109f",
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf",
    "km": "\u1780-\u17ff",
    "ja": "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f",
    "ko": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
}
"""Language → the ranges of its letters, with their marks."""
KANA_SHARE = 0.1
"""The least share of kana in a text in Japanese; in one in Chinese they are a name or two."""
_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ANY = re.compile(f"[{''.join(SCRIPTS.values())}]+")
_RUNS = re.compile("|".join(f"(?P<{name}>[{ranges}]+)" for name, ranges in {**SCRIPTS, "han": _HAN}.items()))
_YIDDISH = re.compile("[\u05f0-\u05f2]|\u05d0[\u05b7\u05b8]")
"""Letters of Yiddish: two of them as one, and alef with a vowel."""
_POINTED = re.compile("[\u05b0-\u05b3\u05b5\u05b6]")
"""Vowels that only Hebrew has."""


def language(text: str) -> str | None:
    """The language of most letters of a text, if their script is that of one language; else None."""
    if text.isascii() or not _ANY.search(text):
        return None
    counts: Counter[str] = Counter()
    longest: Counter[str] = Counter()
    for run in _RUNS.finditer(text):
        name, size = run.lastgroup or "", len(run[0])
        counts[name] += size
        longest[name] = max(longest[name], size)
    others = sum(map(str.isalpha, _RUNS.sub("", text)))
    if counts["ja"] and counts["ja"] >= KANA_SHARE * (counts["ja"] + counts["han"]):
        counts["ja"] += counts.pop("han", 0)
        longest["ja"] = max(longest["ja"], longest["han"])
    code, most = counts.most_common(1)[0]
    if code == "han" or longest[code] < WORD - (code in SHORT) or 2 * most <= counts.total() + others:
        return None
    return "yi" if code == "he" and _YIDDISH.search(text) and not _POINTED.search(text) else code


def rest(text: str) -> str:
    """A text without words in these scripts if they are fewer than half of its letters, so that what a text in another
    one quotes says nothing about its language.
    """
    if text.isascii():
        return text
    others = _ANY.sub(" ", text)
    return others if 2 * sum(map(str.isalpha, others)) > sum(map(str.isalpha, text)) else text
