"""Citations over random histories of an archive, against the naive computation; and what they cost as results grow."""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import search
from desk.citations.citation import Citation
from search import Article, Query
from service.archive import Archive
from service.desk.citations.citing import Citing, Reopened
from service.settings import Settings
from tests import waiting


def lists(then: dict[str, str], now: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
    """What came, went and changed between two results, id → text."""
    return (
        sorted(now.keys() - then.keys()),
        sorted(then.keys() - now.keys()),
        sorted(name for name in then.keys() & now.keys() if then[name] != now[name]),
    )


def found(reopened: Reopened) -> tuple[list[str], list[str], list[str]]:
    changes = reopened.changes
    assert changes is not None
    return (
        [each.id for each in changes.came],
        [each.id for each in changes.went],
        [each.now.id for each in changes.changed],
    )


def test_after_many_commits_the_lists_are_exact(tmp_path: Path, amount: Callable[..., int]) -> None:
    for seed in range(amount(2)):
        check_history(tmp_path / f"{seed}.idx", random.Random(seed), amount(100, few=25))


def check_history(place: Path, chance: random.Random, commits: int) -> None:
    """Every citation is opened again after some of the commits, and all of them after the last one."""
    there: dict[str, str] = {}
    cited: list[tuple[str, dict[str, str]]] = []
    search.writer(place).close()
    with Archive(str(place)) as archive:
        citing = Citing(archive, Settings())

        def check(citation_id: str, then: dict[str, str]) -> None:
            oil = {name: text for name, text in there.items() if "oil" in text}
            opened = citing.open(citation_id)
            assert found(opened) == lists(then, oil)
            assert opened.same == (then == oil) == (opened.hash == opened.citation.hash)
            assert (opened.citation.total, opened.total) == (len(then), len(oil))
            assert opened.briefs.keys() == {*lists(then, oil)[0], *lists(then, oil)[2]}
            assert opened.went.keys() == set(lists(then, oil)[1])

        for commit in range(commits):
            with search.writer(place) as writer:
                for _ in range(chance.randrange(1, 5)):
                    name = f"a{chance.randrange(30)}"
                    if name in there and chance.random() < 0.4:
                        writer.delete(name)
                        del there[name]
                    else:
                        there[name] = f"{chance.choice(['oil', 'tin'])} {chance.randrange(4)}"
                        writer.add(Article(name, there[name]))
            if commit % 5 == 0:
                oil = {name: text for name, text in there.items() if "oil" in text}
                made = citing.make(Query("oil"), "desk", has_key=True)
                assert [each.id for each in made.entries or ()] == sorted(oil)
                cited.append((made.id, oil))
            check(*chance.choice(cited))
        for one in cited:
            check(*one)


def test_citing_and_opening_are_linear(tmp_path: Path) -> None:
    citings = {}
    for size in (1_000, 8_000):
        with search.writer(tmp_path / str(size)) as writer:
            for number in range(size):
                word = sha256(str(number).encode()).hexdigest()
                writer.add(Article(f"a{number}", f"oil {word}", f"Title {number}"))
        citings[size] = Citing(Archive(str(tmp_path / str(size))), Settings())

    def making(size: int) -> Callable[[], Citation]:
        return lambda: citings[size].make(Query("oil"), "desk", has_key=True)

    stored = {size: making(size)().id for size in citings}
    assert waiting.grows_less(24, making, 1_000, 8_000)
    assert waiting.grows_less(24, lambda size: lambda: citings[size].open(stored[size]), 1_000, 8_000)
