"""An archive that changes in steps, and what must be in it after each."""

from __future__ import annotations

from pathlib import Path

import search
from search import Article, Query
from search.engine import Writer
from search.names.authority import Authority, Entry

ARTICLES = 240
EACH = 12
COUNTRIES = ("CN", "DE", "FR", "US")
NAMES = Authority((Entry("person", "Person 1", "Person 2", "", "merge"),))
State = dict[str, str]
"""Id → text."""


def article(step: int, number: int) -> Article:
    return Article(
        f"a{number}",
        f"Version {step} of report {number}: talks about trade number{number % 17} went on in step{step}.\n\nMore.",
        f"Report {number}",
        published=f"{1980 + number % 30}-0{1 + step % 9}-11",
        language="en",
        person=(f"Person {number % 23}",),
        country=(COUNTRIES[number % 4],),
        collection="model",
    )


def step(writer: Writer, number: int) -> None:
    """Make the changes of a step: some articles new or anew, one removed. They are not committed."""
    for each in range(EACH):
        writer.add(article(number, (number * 7 + each) % ARTICLES))
    writer.delete(f"a{_removed(number)}")


def _removed(number: int) -> int:
    return (number * 13) % ARTICLES


def after(steps: int) -> State:
    """What is in the archive after so many steps."""
    state: State = {}
    for number in range(steps):
        for each in range(EACH):
            changed = article(number, (number * 7 + each) % ARTICLES)
            state[changed.id] = changed.text
        state.pop(f"a{_removed(number)}", None)
    return state


def found(place: Path) -> State:
    """What is in an index, read article by article; no id twice."""
    with search.open(place) as engine:
        articles = list(engine.export(Query()))
        total = engine.search(Query(size=0)).total
    state = {one.id: one.text for one in articles}
    assert len(state) == len(articles) == total
    return state


def make(place: Path, steps: int) -> None:
    """An index after so many steps, a commit each, with names merged and an id kept out."""
    with search.writer(place) as writer:
        for number in range(steps):
            step(writer, number)
            writer.commit()
        writer.block("nobody")
        writer.set_authority(NAMES)
