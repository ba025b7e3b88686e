"""Write `search/data/date_words.tsv`: months, days of the week and other words of dates in all languages of CLDR.

    python -m training.dates

Needs Babel, which carries CLDR. A language has the names of all its territories and scripts, in full and abbreviated,
inflected and not; a letter that its pattern for dates attaches to a name is part of a further name. The row `*` is for
an unknown language: the names of the languages that `indexer.enrich.language` can recognize and those in `_OTHERS`,
without names that are different months in different languages, and abbreviations only of those in `_ABBREVIATED`. Takes
half a minute.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, localedata
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from search.text.date_words import ANY, LONGEST, TABLE, key

# One line per month: further spellings and abbreviations, in any language.
_OTHERS = """
janner jaenner jänner janu ian styczen tammi ינואר בינואר
febr febrero fev fevr feb unora helmi פברואר בפברואר
marz maerz mrz mart mrt marzo marco maret מרץ במרץ
apr abril אפריל באפריל
may mei mai maj touko מאי במאי
june juin kesa יוני ביוני
july juil julho heina יולי ביולי
aug ago elo אוגוסט באוגוסט
sept set setiembre sep eylul syys ספטמבר בספטמבר
oct okt out loka אוקטובר באוקטובר
nov marras נובמבר בנובמבר
dec dez dic des joulu דצמבר בדצמבר
"""
_BETWEEN = """
a ad al d da de del della den der di do dia dne dnia du e el en er gada i ii il in la le les lo nd of on om p po r
rd st tg the th um v vom y yr год года года г року р ngay thang ti ren
"""
"""Words between the parts of a date, in any language."""
_MAIN = "ca cs da de en es fi fr hr hu id it nb nl nn no pl pt ro sk sl sv tr"
_ABBREVIATED = frozenset(_MAIN.split())
"""Languages whose abbreviations are read in a text of unknown language; many are ordinary words elsewhere."""
_SHORT = 4
_NUMBERED = re.compile(r"\S*m \d.*|.*\d ?[月월].*")
"""What stands for a month if CLDR has no name for it, or if the number is the name."""
_AM, _PM = "am vorm vm fm dop mat matin manha", "pm nachm nm em odp soir tarde"
_FIELD = re.compile(r"'(?P<quoted>[^']*)'|(?P<field>[A-Za-z])(?P=field)*|(?P<other>[^A-Za-z']+)")
_PUNCTUATION = re.compile(r"[\s\d!-/:-@\[-`{-~\u00a0-\u00bf]")
_OUT = Path(__file__).parent.parent / "search" / "data" / TABLE


def pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """The parts of a pattern for dates: the letter of a field, or "", and its literal text."""
    for match in _FIELD.finditer(pattern):
        if field := match["field"]:
            yield field, match[0]
        else:
            yield "", match["quoted"] if match["quoted"] is not None else match["other"]


def attached(pattern: str, letters: str = "ML") -> tuple[str, str]:
    """The letters that a pattern attaches to the front and the end of the name of a month, or of another field."""
    front = end = ""
    listed = list(pieces(pattern))
    for number, (field, _) in enumerate(listed):
        if field and field in letters:
            before = "".join(text for kind, text in listed[:number] if not kind) if number else ""
            if number and not listed[number - 1][0]:
                front = _PUNCTUATION.split(before)[-1]
            if number + 1 < len(listed) and not listed[number + 1][0]:
                end = _PUNCTUATION.split(listed[number + 1][1])[0]
    return front, end


def _of_month(locale: Locale) -> Iterator[tuple[int, str]]:
    ends = {attached(locale.date_formats[name].pattern) for name in ("full", "long", "medium")}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                for front, end in {("", ""), *ends}:
                    yield number, key(front + name.strip(". ") + end)
                    yield number, key(front + name + end)


def _of_week(locale: Locale) -> Iterator[str]:
    front, end = attached(locale.date_formats["full"].pattern, "Ec")
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            for name in locale.days[context][width].values():
                yield key(name)
                yield key(front + name + end)


def _between(locale: Locale) -> Iterator[str]:
    for name in ("full", "long", "medium"):
        text = " ".join(part for field, part in pieces(locale.date_formats[name].pattern) if not field)
        yield from key(text).split()
        if "G" in locale.date_formats[name].pattern:
            yield from key(locale.eras["abbreviated"][1]).split()


def _of_day(locale: Locale) -> Iterator[tuple[bool, str]]:
    for widths in locale.day_periods.values():
        for names in widths.values():
            for name, text in names.items():
                if name in ("am", "pm"):
                    yield name == "pm", key(text).replace(" ", "")
                    yield name == "pm", key(text)


def _read(name: str) -> bool:
    """True if a key is a name of a month that can be recognized."""
    letters = [letter for letter in name if letter.isalpha()]
    if _NUMBERED.fullmatch(name):
        return False
    least = 2 if name.isascii() and name.replace(" ", "").isalpha() else 1
    return len(letters) >= least and len(name.split()) <= LONGEST


def main() -> None:
    """Write the table."""
    months: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    week: dict[str, set[str]] = defaultdict(set)
    between: dict[str, set[str]] = defaultdict(set)
    halves: dict[str, dict[bool, set[str]]] = defaultdict(lambda: {False: set(), True: set()})
    for name in sorted(localedata.locale_identifiers()):
        if name == "root":
            continue
        locale = Locale.parse(name)
        code = locale.language
        for number, month in _of_month(locale):
            if _read(month):
                months[code][month].add(number)
        week[code].update(day for day in _of_week(locale) if len(day) > 1)
        between[code].update(_between(locale))
        for later, word in _of_day(locale):
            halves[code][later].add(word)
    known = {str(code) for code in LanguageIdentifier.from_model_file(MODEL_FILE).nb_classes}
    for code in sorted(known & months.keys()):
        for month, numbers in months[code].items():
            if code in _ABBREVIATED or len(month) > _SHORT or not month.isascii():
                months[ANY][month] |= numbers
    for month, numbers in months["en"].items():
        months[ANY][month] = set(numbers)
    for number, line in enumerate(_OTHERS.strip().splitlines(), 1):
        for word in line.split():
            months[ANY][key(word)].add(number)
    main_ones = sorted(known & week.keys())
    week[ANY] = {day for code in main_ones for day in week[code] if len(day) > 2 or not day.isascii()}
    between[ANY] = {key(word) for word in _BETWEEN.split()}
    between[ANY] |= {word for code in main_ones for word in between[code] if not word.isascii()}
    for code in (ANY, "th"):
        between[code] |= set(key("พ.ศ. พุทธศักราช").split())
    for later, text in ((False, _AM), (True, _PM)):
        halves[ANY][later] = {word for code in main_ones for word in halves[code][later]} | set(text.split())
    for code in halves:
        both = halves[code][False] & halves[code][True]
        halves[code] = {
            later: {word for word in found if len(word) > 1} - both for later, found in halves[code].items()
        }
    with _OUT.open("w", encoding="utf-8") as out:
        out.write(
            "# Words of dates: Unicode CLDR (Unicode License v3, © Unicode, Inc.), and own spellings in the row *.\n"
        )
        out.write("# Made by training/dates.py. Lower case, without accents; | separates the names of one month.\n")
        names = "language 1 2 3 4 5 6 7 8 9 10 11 12 weekdays between am pm"
        out.write("\t".join(names.split()) + "\n")
        for code in sorted(months):
            columns = [
                "|".join(sorted(month for month, numbers in months[code].items() if numbers == {number}))
                for number in range(1, 13)
            ]
            rest = (week[code], between[code], halves[code][False], halves[code][True])
            out.write("\t".join((code, *columns, *("|".join(sorted(words - {""})) for words in rest))) + "\n")


if __name__ == "__main__":
    main()
