"""The persons, countries and topics that a file states for an article.

Wire formats and feeds name persons, places and subjects with a code, a name or both. `fields` returns those that
Dateline has fields for, with the stated name, code and scheme as the evidence, and puts all others under `subjects`. A
topic is recognised by its IPTC code, a Media Topic or one of the older subject codes (whose first two digits are the
same topic), or else by its label; a country by its ISO code, or by its name in English or in the language of the
article. Doubtful ones are not mapped: "Georgia" without a code may be a state of the United States.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError

from search.names.vocabulary import vocabulary
from search.text.tokens import fold
from search.values.article import INPUT

Kind = Literal["person", "place", "subject", "organisation", "object", "event"]

_MEDIA_TOPIC = re.compile(r"(?:medtop:|mediatopic[/:]|^)(2\d{7}|(?:0[1-9]|1[0-7])000000)$", re.ASCII)
_SUBJECT_CODE = re.compile(
    r"(?:(?:subj|iptc|subjectcode|subject-code):|subjectcode/|subref/[\d.]+/|^)((?:0[1-9]|1[0-7])\d{6})$", re.ASCII
)
_COUNTRY_CODE = re.compile(
    r"(?:iso-?3166[\w.-]*|isocountrycode)[:/]([A-Z]{2,4})(?:-[A-Z0-9]{1,3})?$", re.ASCII | re.IGNORECASE
)
_PAST_CODE = re.compile(r"[A-Z]{4}", re.ASCII)
_AMBIGUOUS = frozenset(("georgia",))
"""Names of countries that are as often a state of the United States."""
_SHORT_NAMES = frozenset(("uk", "us", "usa", "uae", "ussr", "u.k.", "u.s."))
"""Names of countries that look like codes; other short names ("Me.", "Ind.") may abbreviate anything."""
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "jr.", "sr."))


@dataclass(frozen=True, slots=True)
class Named:
    """A stated subject of an article.

    Attributes:
        kind: its type; `subject` if the file does not say, or it is a topic.
        name: a person's in spoken order, any other as in the file.
        codes: with their schemes, the most specific first: `medtop:20000523`, `iso3166-1a2:DE`, a URI, or bare digits.
        scheme: that of the codes or names, if the codes do not include it.
        written: the name as in the file, if that differs.
    """

    kind: Kind
    name: str = ""
    codes: tuple[str, ...] = ()
    scheme: str = ""
    written: str = ""


def fields(named: Iterable[Named], language: str = "") -> dict[str, object]:
    """The fields `person`, `country`, `topic` and `evidence` for these subjects, and in `subjects` all others.

    A field without any is absent, so that it is derived from the text.
    """
    found: dict[str, dict[str, str]] = {"person": {}, "country": {}, "topic": {}}
    rest: list[dict[str, str]] = []
    for one in named:
        mapped = _mapped(one, language)
        if mapped is None:
            if one.name or one.codes:
                rest.append({"kind": one.kind, "name": one.name, "code": one.codes[0] if one.codes else ""})
        else:
            found[mapped[0]].setdefault(mapped[1], _origin(one))
    made: dict[str, object] = {field: list(values) for field, values in found.items() if values}
    evidence = {field: [_evidence(value, text) for value, text in found[field].items()] for field in made}
    if evidence:
        made["evidence"] = evidence
    if rest:
        made["subjects"] = [{key: value for key, value in one.items() if value} for one in rest]
    return made


def _evidence(value: str, text: str) -> dict[str, object]:
    return {"value": value, "start": None, "end": None, "text": text, "rule": INPUT, "confidence": 1.0}


def _origin(one: Named) -> str:
    codes = one.codes[0] if one.codes else ""
    where = ", ".join(part for part in (codes, one.scheme) if part)
    name = one.written or one.name
    return f"{name} ({where})" if name and where else name or where


def _mapped(one: Named, language: str) -> tuple[str, str] | None:
    """The field and value of a subject; None if there is none for certain."""
    if one.kind == "person":
        return ("person", one.name) if one.name else None
    if one.kind in ("place", "subject") and (code := country(one.name, one.codes, language, one.kind == "place")):
        return "country", code
    if one.kind == "subject" and (code := topic(one.name, one.codes)):
        return "topic", code
    return None


def topic(name: str, codes: Iterable[str] = ()) -> str | None:
    """The topic of an IPTC code or of a label; None if neither is known."""
    known = vocabulary("topic")
    for code in codes:
        if match := _MEDIA_TOPIC.search(code):
            found = known.find(f"medtop:{match[1]}")
        elif match := _SUBJECT_CODE.search(code):
            found = known.find(f"medtop:{match[1][:2]}000000")
        else:
            found = None
        if found:
            return found
    return known.find(name) if name and not name.isdigit() else None


def country(name: str, codes: Iterable[str] = (), language: str = "", is_place: bool = True) -> str | None:
    """The country of an ISO code, also of one of its parts (`US-NV`), or of a name; None if neither is known.

    Args:
        language: of the name, in addition to English.
        is_place: True if it is known to be a place; otherwise only a country's main name counts.
    """
    known = vocabulary("country")
    codes = tuple(codes)
    for code in codes:
        if (match := _COUNTRY_CODE.search(code)) and (found := known.find(match[1])):
            return found
        if is_place and _PAST_CODE.fullmatch(code) and code in known.entries:
            return code
    bracketed = _IN_BRACKETS.findall(name) if is_place else []
    for words in (name, _IN_BRACKETS.sub("", name).strip(), *bracketed):
        key = fold(words)
        if key in _AMBIGUOUS or (len(key) < 4 and key not in _SHORT_NAMES):
            continue
        found = known.find(words) or _names(language.replace("_", "-").split("-")[0].lower()).get(key)
        if found and (is_place or fold(known.label(found)) == key):
            return found
    return None


@cache
def _names(language: str) -> dict[str, str]:
    """Names of countries in a language, folded → code; empty for a language that is not in CLDR."""
    if language in ("", "en") or not language.isalpha():
        return {}
    try:
        names = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    known = vocabulary("country").entries
    return {fold(name): code for code, name in names.items() if code in known}


def in_order(name: str) -> str:
    """A person's name in spoken order, from its form in an index.

    `Biden, Joseph R Jr` is Joseph R. Biden Jr., `Sheikh, Hussein al-` Hussein al-Sheikh, `REAGAN, RONALD (PRES)` Ronald
    Reagan; the order of a name without a comma does not change.
    """
    family, comma, given = (part.strip() for part in _IN_BRACKETS.sub("", name).partition(","))
    parts = [_initial(part) for part in given.replace(",", " ").split()]
    suffix = [parts.pop()] if comma and len(parts) > 1 and parts[-1].lower() in _SUFFIXES else []
    if comma and len(parts) == 1 and parts[0].lower() in _SUFFIXES:
        spoken = [family, *parts]
    elif parts and parts[-1].endswith("-"):
        spoken = [*parts[:-1], parts[-1] + family, *suffix]
    else:
        spoken = [*parts, family, *suffix]
    spoken_name = " ".join(_dotted(part) if index else part for index, part in enumerate(spoken) if part)
    return spoken_name.title() if spoken_name.isupper() else spoken_name


def _initial(part: str) -> str:
    return f"{part}." if len(part) == 1 and part.isupper() else part


def _dotted(part: str) -> str:
    return f"{part.capitalize()}." if part.lower() in ("jr", "sr") else part


def without_short(names: Iterable[str]) -> list[str]:
    """Names without those that are the last word of a fuller one, as repeated in a text."""
    names = list(dict.fromkeys(names))
    last = {fold(name.split()[-1]) for name in names if " " in name}
    return [name for name in names if " " in name or fold(name) not in last]
