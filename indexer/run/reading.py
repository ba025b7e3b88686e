"""In which way a file was read, as a string in its stamp: the readers, the rules of enrichment, the names of fields.

A file that was read in another way is read again; but not for newer rules of enrichment alone, by which `dateline
enrich` renews the facts of what is in the index. Other models are chosen by somebody who wants them.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from indexer import enrich, readers

NO_PICTURES = "no pictures"


def reading_of(names: Mapping[str, str], pictures: bool = True) -> str:
    """The way in which this program reads files.

    Args:
        names: the archive's names of fields.
        pictures: True if pictures are stored.
    """
    options = () if pictures else (NO_PICTURES,)
    named = orjson.dumps(dict(names), option=orjson.OPT_SORT_KEYS).decode()
    return " ".join((readers.reading(), enrich.version(), *options, named))


def by_these_rules(reading: str, renewed: bool = False) -> str:
    """A way of reading files, with the rules of enrichment of this program.

    Args:
        renewed: True if the facts have been renewed, by whatever models were chosen before.

    Returns:
        The same as it is if files have to be read again: for other readers; and unless facts have been renewed, for
        other models, and for other groups of near-duplicates.
    """
    first = f"{readers.reading()} "
    if not reading.startswith(first) or "{" not in reading:
        return reading
    rest = reading[len(first) :]
    rules, names = rest[: rest.index("{")].split(), rest[rest.index("{") :]
    if not rules:
        return reading
    options = f"{NO_PICTURES} " if rules[-2:] == NO_PICTURES.split() else ""
    before, now = " ".join(rules[:-2] if options else rules), enrich.version()
    same = enrich.models(before) == enrich.models(now) and not enrich.groups_since(before)
    return f"{first}{now} {options}{names}" if renewed or same else reading
