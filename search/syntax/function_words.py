"""Function words: the articles, prepositions, auxiliaries and question words that queries are typed with.

`head of the opec` asks for *head* and *opec*. Next to content words, function words are optional: the parser drops them
from the tree (`parser`), so that they are neither required nor marked nor scored. Only those of one language count, the
query's: the one most of them belong to, English in a tie. Words that are ordinary in English (*war*, *die*) are no
evidence of another language; another language than English needs two different ones, and more of its own than one
article that occurs in names (*Le Pen*, *De Klerk*).

The languages of the archive do not matter: the same text is the same query everywhere. Cost: one table lookup a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from search.text.tokens import fold_word

ENGLISH = "en"

_TABLES = {
    "en": """a an the of in on at by for from to with about into as than and or not but if that which
        is are was were be been being am has have had do does did can could would should
        who whom whose what when where why how there it its this these those
        i my me he his him she her we our you your they their them""",
    "ca": """el la els les un una uns unes de del dels al als i o no en amb per que qui quan on com es son era ha han
        se seu seva""",
    "da": "en et den det de og eller ikke i på af for med til fra om som er var har havde hvem hvad hvor hvornår "
    "hvordan hvorfor at",
    "de": """der die das den dem des ein eine einer eines einem einen und oder nicht ist sind war waren wird werden
        wurde wurden hat haben hatte bei mit von vom zu zum zur im in am an auf aus für über nach als wie was wer wo
        wann warum dass es er sie ich wir sich
        vor nach seit bis durch um ihr ihre sein seine auch noch so dann wenn aber diese dieser dieses""",
    "es": """el la los las un una unos unas de del al y o no en con por para que quién quien cuál cuándo dónde cómo
        como es son fue era ser ha han se su sus lo
        sobre hasta desde según pero ya este esta estos estas ese esa esto hay está están le les""",
    "fi": "ja tai ei on ovat oli olivat mikä mitä kuka missä milloin miksi miten että se ne",
    "fr": """le la les un une des du de et ou ne pas est sont était être a à au aux en dans par pour sur avec ce cette
        ces que qui quoi quel quelle quand comment pourquoi où il elle ils elles se sa son ses
        depuis vers chez mais aussi leur leurs ont avait été y""",
    "hu": "a az egy és vagy nem van volt hogy ki mi mit hol mikor miért hogyan",
    "it": """il lo la i gli le un uno una di del della dei delle dello degli da dal dalla in nel nella con su sul sulla
        per e o non che chi quando dove come perché è sono era ha hanno si al alla
        ai alle tra fra nei nelle ma anche questo questa suo sua""",
    "nb": "en ei et den det de og eller ikke i på av for med til fra om som er var har hadde hvem hva hvor når "
    "hvordan hvorfor at",
    "nl": """de het een van in op te aan met voor door over uit bij naar en of niet is zijn was waren wordt werd heeft
        hebben had wie wat waar wanneer waarom hoe dat die dit
        tot na maar ook deze als om hun""",
    "pt": """o a os as um uma de do da dos das em no na nos nas com por para pelo pela e ou não que quem quando onde
        como foi era ser são é se ao aos
        à às sobre até desde mas já também este esta estes estas esse essa isto isso há está estão seu sua seus suas""",
    "ro": "un o al ale a și sau nu este sunt în din de la cu pe pentru că ce cine când unde cum",
    "ru": """и или не в во на с со по о об от до из за к у для что как кто где когда почему это был была было были
        есть""",
    "sv": "en ett den det de och eller inte i på av för med till från om som är var har hade vem vad när hur varför "
    "att",
}
FUNCTION_WORDS = {language: frozenset(fold_word(word) for word in words.split()) for language, words in _TABLES.items()}
"""Language → its function words, folded."""

_ORDINARY = frozenset(
    (
        "ai", "al", "as", "bis", "chez", "come", "como", "con", "den", "die", "do", "door", "er", "era", "fra",
        "fur", "ha", "hat", "hun", "i", "ma", "mais", "man", "mas", "me", "met", "mi", "mit", "na", "no", "or", "os",
        "over", "pa", "par", "per", "pour", "sein", "seine", "ser", "so", "son", "till", "to", "tot", "um", "var",
        "vers", "war", "y",
    )
)  # fmt: skip
"""Function words of other languages that are ordinary words of English: no evidence of a query's language."""
_OF_NAMES = frozenset(
    ("da", "das", "de", "del", "der", "des", "di", "dos", "du", "el", "la", "las", "le", "los", "van")
)
"""Function words that occur in names in English texts, too: one of them alone is no evidence."""

BOTH = {"ca": "i", "da": "og", "de": "und", "en": "and", "es": "y", "fi": "ja", "fr": "et", "hu": "es", "it": "e",
        "nb": "og", "nl": "en", "pt": "e", "ro": "si", "ru": "и", "sv": "och"}  # fmt: skip
"""Conjunctions, folded: AND is meant, and implied."""
EITHER = {"ca": "o", "da": "eller", "de": "oder", "en": "or", "es": "o", "fi": "tai", "fr": "ou", "hu": "vagy",
          "it": "o", "nb": "eller", "nl": "of", "pt": "ou", "ro": "sau", "ru": "или", "sv": "eller"}  # fmt: skip
"""Disjunctions, folded: most often OR was meant."""
WITHOUT = {"da": "ikke", "de": "nicht", "en": "not", "es": "no", "fr": "pas", "it": "non", "nb": "ikke", "nl": "niet",
           "pt": "nao", "ro": "nu", "ru": "не", "sv": "inte"}  # fmt: skip
"""Negations, folded: most often NOT was meant."""

OPERATORS = {
    word: operator
    for operator, table in (("AND", BOTH), ("OR", EITHER), ("NOT", WITHOUT))
    for language, word in table.items()
    if language != ENGLISH and len(word) > 1 and word not in FUNCTION_WORDS[ENGLISH]
}
"""Words of other languages, folded, that are taken for operators in capitals → the operator."""

EVERY = frozenset().union(*FUNCTION_WORDS.values())
"""The function words of all languages."""

_ALONE = re.compile(r"[^\W\d_]+(?:['’ʼ＇][^\W\d_]+)?")
_AFTER = ",.;:!?…"
"""Punctuation that is not part of a word."""


def plain(text: str) -> str | None:
    """The folded word, if the text can be a plainly typed function word, without operators; else None."""
    bare = text.rstrip(_AFTER)
    return fold_word(bare) if _ALONE.fullmatch(bare) else None


def language_of(typed: Iterable[str]) -> str | None:
    """The language whose function words these folded words are; None if it has none."""
    words = {word for word in typed if word in EVERY}
    if not words:
        return None
    english = FUNCTION_WORDS[ENGLISH]
    best, most = (ENGLISH, len(words & english)) if words & english else (None, 0)
    for language, table in FUNCTION_WORDS.items():
        found = (words & table) - _ORDINARY
        own = found - english
        if len(found) > max(1, most) and (len(own) > 1 or own - _OF_NAMES):
            best, most = language, len(found)
    return best


def are_function_words(texts: Sequence[str]) -> list[bool]:
    """True for each text that is typed as a word: one in capitals among others that are not is a name, as WHO is."""
    shouting = all(text.isupper() for text in texts)
    return [shouting or len(text) < 2 or not text.isupper() for text in texts]
