"""An article as bytes, and back."""

from __future__ import annotations

import pickle
from dataclasses import replace

from search import Article, Evidence
from search.values import record

EVIDENCE = {
    "person": (Evidence("Ann Lee", 0, 7, "Ann Lee", "name", 0.9), Evidence("Bo Dahl", None, None, "", "input", 1.0)),
    "country": (Evidence("FR", 3, 6, "Nice", "town", 0.8, "title", True),),
    "topic": (),
}
ARTICLE = Article(
    "one", "Ann Lee was in Nice.", "In Nice", person=("Ann Lee", "Bo Dahl"), country=("FR",), evidence=EVIDENCE,
    extra={"desk": ["a", 1]}, given=frozenset({"person"}),
)  # fmt: skip


def test_an_article_is_the_one_that_was_encoded() -> None:
    again = record.decode(record.encode(ARTICLE))

    assert again == ARTICLE
    assert again == ARTICLE
    assert again != replace(ARTICLE, evidence={})
    assert again.country_main == ("FR",)
    assert record.encode(again) == record.encode(ARTICLE)


def test_evidence_that_was_read_is_a_mapping_as_any() -> None:
    said = record.decode(record.encode(ARTICLE)).evidence

    assert list(said) == ["person", "country", "topic"]
    assert (len(said), "person" in said, "author" in said) == (3, True, False)
    assert said.get("author", ()) == ()
    assert said["country"] is said["country"]
    assert repr(said) == repr(EVIDENCE)
    assert pickle.loads(pickle.dumps(said)) == EVIDENCE
    assert pickle.loads(pickle.dumps(record.decode(record.encode(ARTICLE)))) == ARTICLE
