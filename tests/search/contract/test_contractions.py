"""A contraction is found, counted, marked and corrected as its word, and never as another one."""

from __future__ import annotations

from search import Article, Hit, Query
from search.measures.keyness import Contrast
from tests.search.contract.archive import Backend, holding, ids

ARTICLES = (
    Article("en", "We’ll say he'll go; she'd stay, I'd not. They’re late and won't wait, we're told.", language="en"),
    Article("plain", "Well, hell froze; the shed was wed to the id, as was his wont, and were it so.", language="en"),
    Article("fr", "L’Allemagne dit qu'il n'a pas tort; l'a-t-on dit, jusqu’à demain ?", language="fr"),
    Article("it", "Il sole dell'Italia e dell’11 settembre.", language="it"),
    Article("de", "So'n Pech, geht's gut? Die Allemagne.", language="de"),
    Article("name", "Xi'an and Sana'a, N'Djamena.", language="en"),
)


FOUND = {
    "=well": {"plain"},
    "=we": {"en"},
    "=were": {"plain"},
    "hell": {"plain"},
    "wed OR =id OR shed OR wont": {"plain"},
    "=will": {"en"},
    "=they’re": {"en"},
    "=they": {"en"},
    '="we\'re told"': {"en"},
    "=allemagne": {"fr", "de"},
    "l'Allemagne": {"fr", "de"},
    "=la OR =na OR =qua": set(),
    "=italia =11": {"it"},
    "=son": set(),
    "sanaa xian ndjamena": {"name"},
}
MARKED = {"=we": ["We’ll", "we're"], "=wil*": ["won't"], "=italia": ["dell'Italia"]}


def test_a_contraction_is_found_as_its_word_alone(backend: Backend) -> None:
    with holding(backend, ARTICLES) as engine:
        assert {text: set(ids(engine, text)) for text in FOUND} == FOUND


def test_a_contraction_is_marked_counted_and_corrected_as_its_word(backend: Backend) -> None:
    with holding(backend, ARTICLES) as engine:
        special = {one.value for one in engine.special(Query("=they"), Contrast(limit=100)).values}
        (hits,) = zip(*(engine.search(Query(text)).hits for text in MARKED), strict=True)
        assert {"they", "we", "he", "will"} <= special
        assert not {"theyre", "well", "hell", "wont", "wed"} & special
        assert [marked(hit) for hit in hits] == [*MARKED.values()]
        assert engine.search(Query("l'Allemange")).did_you_mean == "allemagne"


def marked(hit: Hit) -> list[str]:
    return [snippet.text[start:end] for snippet in hit.snippets for start, end in snippet.marks]
