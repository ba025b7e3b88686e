"""How much of a text can be read."""

import json
import random
from functools import partial

from benchmarks.ocr import confusions, noisy
from indexer import languages
from indexer.enrich import legibility
from search.values.article import Article, changed
from tests.cases import cases
from tests.conftest import ROOT
from tests.waiting import grows_less


def known(word: str, code: str) -> bool:
    language = languages.named(code)
    assert language is not None
    return bool(legibility.lexicon(language).known(legibility.words_of(word)).all())


@cases("code, words, unknown", [
    ("en", "harbour Harbor London's publick don't", "tlie harbonr gavernment"),
    ("de", "Thür Theil Königthum seyn Actie Hafenverwaltung Regierungsrat", "Hafenvcrwaltung Jahrcn"),
    ("nl", "geheele zijne tusschen heeren perceelen berigten scheepvaartmaatschappij", "vau deu ziju"),
    ("fr", "étoit enfans l'homme aujourd'hui également", "dcs mintstre pouvolr"),
    ("pt", "pharmacia theatro elle ação não", "mlnistro govcrno"),
    ("es", "dixo acción niño", "gobicrno mlnistro"),
    ("it", "perché repubblica jeri", "govcrno mlnistro"),
])  # fmt: skip
def test_words_of_a_language_are_known_in_its_former_spellings(code: str, words: str, unknown: str) -> None:
    assert [word for word in words.split() if not known(word, code)] == []
    assert [word for word in unknown.split() if known(word, code)] == []


def test_reports_in_seven_languages_are_legible_and_misread_ones_are_less() -> None:
    chance, pairs = random.Random(49), confusions()
    for path in (*sorted((ROOT / "seeds").glob("*.jsonl")), *sorted((ROOT / "tests/gold/languages").glob("*.jsonl"))):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            article = Article(row["id"], row["text"], language=row.get("language", "en"))
            misread = changed(article, text=noisy(article, pairs, 0.15, chance).text)
            whole, less = (legibility.enrich(one).known for one in (article, misread))
            assert whole is None or less is None or whole >= 0.9 > less, (row["id"], whole, less)


@cases("article", [
    Article("a", "Ten words are too few to say how many known."), Article("a", "Слово " * 50, language="ru"),
    Article("a", "1 2 3 " * 50, language="en"), Article("a", "", language="de"),
    Article("a", "fr ft lo ter of us ra th ag se ti in te ol wa it re al VOL ch NTER es tor"),  # an ornament, by OCR
])  # fmt: skip
def test_what_cannot_be_told_has_no_share(article: Article) -> None:
    assert legibility.enrich(article).known is None


def test_time_grows_with_the_number_of_different_words_and_the_length_of_one() -> None:
    language = languages.named("de")
    assert language is not None
    lexicon, chance = legibility.Lexicon(language), random.Random(1)

    def words(count: int) -> list[str]:
        return ["".join(chance.choices("aeinrstlmthsch", k=12)) for _ in range(count)]

    assert grows_less(8, lambda size: partial(lexicon.known, words(size)), 1_000, 4_000)
    assert grows_less(8, lambda size: partial(lexicon.known, ["th" * size]), 25_000, 100_000)
