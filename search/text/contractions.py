"""Contractions: which word of two is meant by `we'll`, `l'Allemagne` or `dell'Italia`.

A contraction is one word with an apostrophe, of which the one that is short for a pronoun, an article, an auxiliary or
a preposition is dropped: `we`, `allemagne`, `italia`. Joined without the apostrophe, it would be another word: `well`,
`hell`, `wed`. The language of a text is not looked at, since a query has none: what is dropped in one language must
belong to no word in another, so that `Xi'an`, `Sa'd`, `Baha'i` and `M'Bappé` are left whole.

The word begins as the contraction does, or after one of its apostrophes (`search.snippets` relies on it).
"""

from __future__ import annotations

import re

_ELIDED = {
    "ca fr lb pt": "d j l qu s jusqu lorsqu puisqu quoiqu",
    "it": """l un d s dell nell sull all dall coll gl degl negl sugl agl dagl quell quegl quest com dov cos quand
        anch neanch senz tutt nessun alcun ciascun""",
    "el": "σ τ θ κ γι απ αλλ",
}
"""Languages → what loses its last vowel before another word."""
_ELIDED_BEFORE_VOWELS = {"ca fr": "c m n t", "ga": "b d m", "it": "c m n t v"}
"""The same for what begins names (`N'Djamena`, `B'Tselem`), unless a vowel or h follows."""
_ENCLITICS = {"en": "ll re ve d", "ca": "l ls m ns t", "cy": "r w ch", "de nl": "m t"}
"""Languages → what follows words of three letters or more; `'s` follows any."""
_AFTER_SOME = {
    "en": {"i he we it ye": "ll re ve d m"},
    "ca": {"me te se ne": "l ls m n ns t"},
    "cy": {"a i o": "r i u w ch", "gyda mae sy": "n"},
    "de nl": {"so zo": "n ne nen", "an in": "m n t", "is of op": "t", "auf durch fur mit nach uber um von": "n"},
}
"""Languages → words → what follows these, but not every other one."""
_NEGATED = """
    am are can could dare did does do had has have is may might must need ought should used was were would
"""
"""The English auxiliaries before `n't`."""
_WHOLE = """
    won't will  shan't shall  ain't aint  y'all you  c'mon come  ma'am madam  ne'er never  e'er ever  o'er over
    e'en even  m'n mijn  z'n zijn  d'r daar
"""
"""Contractions whose word is spelled in another way."""


def _listed(table: dict[str, str]) -> list[str]:
    return sorted({one for words in table.values() for one in words.split()})


_SHORT = 2
_ANY = "|".join(_listed(_ELIDED))
_SOME = "|".join(_listed(_ELIDED_BEFORE_VOWELS))
_ELISION = re.compile(rf"(?:(?:{_ANY})'(?=[aeiouyh\d]|[^\W_](?:[^\W_]|'[^\W_]{{2}}))|(?:{_SOME})'(?=[aeiouyh]|fh))+")
_ENDINGS = frozenset(_listed(_ENCLITICS))
_PAIRS = frozenset(
    (host, ending)
    for table in _AFTER_SOME.values()
    for hosts, endings in table.items()
    for host in hosts.split()
    for ending in endings.split()
)
_WORDS = dict(zip(_WHOLE.split()[::2], _WHOLE.split()[1::2], strict=True))
_WORDS |= {f"{one}n't": one for one in _NEGATED.split() if one != "can"} | {"can't": "can"}


def word_of(contraction: str) -> str:
    """The word of a contraction in lower case, without accents, with plain apostrophes; any other word unchanged."""
    while "'" in contraction:
        if (word := _WORDS.get(contraction)) is not None:
            return word
        host, _, ending = contraction.rpartition("'")
        follows = ending == "s" or (len(host) > _SHORT and ending in _ENDINGS) or (host, ending) in _PAIRS
        if not (host and follows):
            break
        contraction = host
    return _ELISION.sub("", contraction, count=1) if _ELISION.match(contraction) else contraction
