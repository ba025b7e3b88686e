"""Sentences of other languages in an English article: a quotation, a motto, the rest of a page.

Capitals there begin nouns in German and titles in Spanish, and the tagger was not trained on them. `is_foreign` counts
function words. Not for the language of an article: see `indexer.enrich.language`.

Cost: some microseconds a sentence.
"""

from __future__ import annotations

from itertools import chain

from indexer.enrich.persons.tagger.sentences import Sentence

LEAST = 3
"""The fewest function words of the other language."""

_ENGLISH = frozenset(
    (
        "the", "of", "and", "to", "that", "for", "with", "was", "were", "is", "are", "has", "have", "had",
        "been", "by", "it", "from", "which", "this", "he", "his", "she", "her", "they", "their", "be", "not",
        "but", "you", "we", "who", "said",
    )
)  # fmt: skip

_OTHERS = tuple(
    frozenset(words.split())
    for words in (
        "und der die das ist nicht ein eine einen einem einer mit dem den im auf für sich auch wie aus bei nach zu zur "
        "zum wird sind ich sie es dass wir haben wurde ihre vom über oder noch nur",
        "le la les des une est dans pour que qui sur avec pas du au aux et il elle ce cette son ses nous vous ont par",
        "el los las una por para con del que y en es se su al como pero más lo la fue son ha este esta",
        "o os um uma não com para do da dos das em que no na se foi mais é ao pela pelo como",
        "il gli che di della per con una non è nel sono alla dei del si come anche da la le",
        "het een van en niet met voor op te dat zijn aan ook maar bij naar wordt de",
        "ang ng sa mga na ay ni kay ako siya hindi ito kung si lang",
        "yang dan di dengan untuk ini itu dari pada tidak akan ke dalam juga oleh",
        "och att det som är på för inte med av en ett till den har",
        "i w na z się do nie jest że od po dla przez oraz",
    )
)  # fmt: skip
_ANY = frozenset(chain.from_iterable(_OTHERS))


def is_foreign(sentence: Sentence) -> bool:
    """True if a sentence has several function words of another language, and more of them than of English."""
    if _ANY.isdisjoint(sentence.words):
        return False
    words = [word for word in sentence.words if word in _ANY]
    if len(words) < LEAST:
        return False
    english = sum(word in _ENGLISH for word in sentence.words)
    return any(
        sum(word in other for word in words) >= max(LEAST, english + 1) and len(other.intersection(words)) > 1
        for other in _OTHERS
    )
