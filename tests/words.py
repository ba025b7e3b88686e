"""Finds the messages of the pages, and brings the catalogues up to date: `make words`.

What CLDR has, the names of countries and languages, is not in them; what the program no longer says is removed. A
message that is new, or whose English has changed, stands empty until somebody translates it.

python -m tests.words [language of a new catalogue]
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

from search.names.vocabulary import vocabulary
from service.wording import messages as words

ROOT = Path(__file__).parent.parent
_TEMPLATES = {"trimmed": "true", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
_KEYWORDS = DEFAULT_KEYWORDS | {
    "mark": None,
    "said": None,
    "about": (2,),
    "aside": (2,),
    "counted": (1, 2),
    "Field": (3,),
}
_CALLS = re.compile(rb"\b(?:%s)\s*\(" % b"|".join(re.escape(name.encode()) for name in _KEYWORDS))


def extracted() -> Catalog:
    """All messages of the program, in order, without places."""
    found = Catalog(project="Dateline", charset="utf-8", fuzzy=False)
    for folder in ("search", "desk", "indexer", "service"):
        parts = extract_from_dir(
            ROOT / folder,
            [("**.py", "tests.words:python_calls"), ("**/templates/**.html", "jinja2")],
            {"**/templates/**.html": _TEMPLATES},
            keywords=_KEYWORDS,
        )
        for _, _, message, _, context in parts:
            found.add(message, context=context)
    for context, message in _named():
        found.add(message, context=context)
    return found


def python_calls(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterable[Any]:
    """The messages of a module; of most, which call nothing that says one, without taking them apart."""
    is_asked = _CALLS.search(file.read())
    file.seek(0)
    return extract_python(file, keywords, comment_tags, options) if is_asked else ()


def _named() -> Iterator[tuple[str, str]]:
    """The names that pages show: countries and languages, and the broadest topics."""
    for name in ("country", "language"):
        yield from ((name, entry.label) for entry in vocabulary(name).entries.values())
    topics = vocabulary("topic")
    yield from (("topic", topics.label(code)) for code in topics.tops)


def updated(language: str, messages: Catalog) -> Catalog:
    """The catalogue of a language with these messages but for what CLDR has, and with its own words for them."""
    file = words.catalogue(language)
    locale = language.replace("-", "_")
    own = read_po(io.BytesIO(file.read_bytes())) if file.exists() else Catalog(locale=locale)
    known = dict(words.names(language))
    made = Catalog(locale=locale, project="Dateline", charset="utf-8", fuzzy=False)
    for message in messages:
        key = (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        if not message.id or key in known:
            continue
        before = own.get(message.id, context=message.context)
        said = before.string if before is not None and type(before.id) is type(message.id) else None
        made.add(message.id, said or "", context=message.context, flags=message.flags)
    return made


def written(catalogue: Catalog) -> str:
    """The text of a catalogue, without dates and places, which would only make changes collide."""
    lines = io.BytesIO()
    write_po(lines, catalogue, width=0, omit_header=True, sort_output=True, no_location=True)
    return _header(catalogue) + lines.getvalue().decode("utf-8")


def _header(catalogue: Catalog) -> str:
    kinds = [
        "Content-Type: text/plain; charset=utf-8",
        *([] if catalogue.locale is None else [f"Language: {catalogue.locale_identifier.replace('_', '-')}"]),
        *([] if catalogue.locale is None else [f"Plural-Forms: {catalogue.plural_forms}"]),
    ]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in kinds) + "\n"


def files(languages: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """The catalogues, as they ought to be."""
    messages = extracted()
    for language in languages:
        yield words.catalogue(language), written(updated(language, messages))


def main() -> None:
    """Write all."""
    for file, text in files(dict.fromkeys([*words.languages()[1:], *sys.argv[1:]])):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        empty = text.count('\nmsgstr ""\n\n') + text.count('\nmsgstr[0] ""\n')
        print(f"{file.relative_to(ROOT)}: {text.count('msgid ')} messages, {empty} without words")


if __name__ == "__main__":
    main()
