"""Query strings that nobody would type, asked over HTTP: each is answered or refused, soon."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import falcon.testing
import pytest

import search
from indexer.safe import speed
from search import Article
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests import waiting
from tests.cases import cases

Client = falcon.testing.TestClient

SOAKED = 30_000
SECONDS = 1.0
"""Of the processor: what a question may take, its page and facets included."""
WORDS = ("the", "of", "a", "and", "president", "trade", "talks", "berlin", "in", "to", "1989", "ba", "be", "bi", "x")
SIGNS = (
    " ", " ", " ", " AND ", " OR ", " NOT ", " -", " +", "(", ")", "((", "))", '"', '="', '"~5', "~",
    "~1", "~2", "~9", "*", "**", ":", "title:", "text:", "person:", "country:", "topic:", "published:",
    "..", "[", "]", " TO ", "{", "}", "^", "^9", "?", "!", "&&", "||", "/", "\\", "'", "“", "”", "«",
    "=", "<", ">", ";", "%", "#", "\0", "\t", "\n", "\r\n", "\u200b", "\u202e", "\ufeff", "\ud7ff", "𝒳",
    "é", "ß", "İ", "中国", "слово", "العربية", "0" * 40, "1998", "1998-05", "9999", "-7d", "e\u0301",
)  # fmt: skip
DENIAL = {
    "star": "*",
    "stars": "* * *",
    "every word": "[a TO zzzz]",
    "wildcards": " OR ".join(f"{chr(97 + n % 26)}{chr(97 + n // 26)}*" for n in range(104)),
    "three letters": " OR ".join(f"{a}{b}{c}*" for a in "bcdfg" for b in "aeiou" for c in "lmnr"),
    "regex": "/(a+)+$/",
    "letters": "(a+)+$ " + "a" * 1900,
    "edits": "x~9",
    "fuzzy": " ".join(f"{word}~2" for word in ("president", "minister", "government", "parliament") * 20),
    "parentheses": "(" * 1990,
    "nested": "(" * 32 + "the" + ")" * 32,
    "nested too deep": "(" * 33 + "the" + ")" * 33,
    "clauses": " ".join(["the"] * 256),
    "too many clauses": " ".join(["the"] * 257),
    "phrases": " OR ".join(['"of the"', '"in the"', '"to the"'] * 60),
    "long phrase": '"' + "the of " * 120 + '"',
    "near": " ".join(['"the of a"~100'] * 80),
    "nots": " ".join(["-the"] * 250),
    "not not": "NOT " * 250 + "the",
    "ors of ands": " OR ".join(["(the of in)"] * 80),
    "too long": "the " * 501,
    "fields": " ".join(f"title:{word}" for word in WORDS * 8),
    "values": " OR ".join(f"person:p{n}" for n in range(150)),
    "dates": " OR ".join(f"published:{year}..{year + 9}" for year in range(1900, 2000)),
    "a word of 2,000 letters": "q" * 2000,
    "sixteen near": " ".join(f'"the of a and"~{85 + n}' for n in range(16)),
    "near, many words": " ".join(f'"{" ".join(WORDS)}"~{85 + n}' for n in range(4)),
    "near, and nothing": " ".join(f'"the of a and"~{85 + n}' for n in range(15)) + " nowhere",
    "near in titles": " ".join(f'title:"the of a and"~{85 + n}' for n in range(16)),
    "too many near": '"the of"~2 ' * 110,
    "too many near words": " ".join(f'"{" ".join(WORDS)}"~{85 + n}' for n in range(16)),
    "sixteen phrases": " ".join(f'"{a} {b}"' for a in WORDS[:4] for b in WORDS[4:8]),
    "long phrases": " ".join('"' + "the of " * n + "in to " * (17 - n) + '"' for n in range(16)),
    "one prefix": "abc* " * 250,
    "prefixes": " ".join(f"{a}{b}{c}*" for a in "bcdfg" for b in "aeiou" for c in "bcdfgklmnp"),
    "prefixes in titles": " ".join(f"title:{a}{b}{c}*" for a in "bcdfg" for b in "aeiou" for c in "bcdfgkl"),
    "prefixes of many": " OR ".join(f"title:x{n}*" for n in range(100, 220)),
    "fuzzy in titles": " ".join(f"title:x{n}~2" for n in range(1000, 1130)),
    "misspelt": " ".join(f"x{n}q" for n in range(150)),
    "frequent words, and nothing": " ".join(WORDS) + " nowhere",
}

OFFERING = ("every word", "clauses", "misspelt", "values", "sixteen near", "prefixes", "frequent words, and nothing")
"""Those for which a page looks for most beside the answer, or asks for it in the dearest way."""


def made_up(dice: random.Random) -> str:
    """A query of words and signs in any order, sometimes of any characters at all."""
    if dice.random() < 0.1:
        ranges = ((32, 127), (1, 0xD7FF), (0xE000, 0x10FFFF))
        return "".join(chr(dice.randrange(*dice.choice(ranges))) for _ in range(dice.randint(1, 300)))
    if dice.random() < 0.1:
        text = dice.choice(list(DENIAL.values()))
        at = dice.randrange(len(text))
        return text[:at] + dice.choice(SIGNS) + text[at + dice.randrange(40) :]
    length = dice.choice((3, 6, 12, 40, 200))
    return "".join(dice.choice(SIGNS if dice.random() < 0.5 else WORDS) for _ in range(length))[:2000]


def page(client: Client, text: str) -> float:
    """CPU seconds of the reference machine that the page took, with all that is offered on it."""
    answers = []
    taken = waiting.cpu_once(lambda: answers.append(client.simulate_get("/", params={"q": text})))
    assert answers[0].status_code in (200, 400), text
    return taken / speed.slowness()


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Load all kernels, as a server does before it serves."""
    search.warm()


def ask(client: Client, text: str) -> tuple[int, float]:
    """The status of the answer, and how long it took in CPU seconds of the reference machine, at its best."""
    answers, taken = [], SECONDS
    for _ in range(3):
        once = waiting.cpu_once(
            lambda: answers.append(client.simulate_get("/api/search", params={"q": text, "size": 10}))
        )
        if (taken := min(taken, once / speed.slowness())) < SECONDS:
            break
    answer = answers[-1]
    assert answer.status_code in (200, 400), (text, answer.text)
    if answer.status_code == 400:
        assert answer.json["errors"][0]["parameter"] == "q", text
    else:
        assert answer.json["incomplete"] == [], text
    return answer.status_code, taken


@cases("name", DENIAL)
def test_what_would_take_for_ever_is_answered_or_refused(client: Client, name: str, amount: Callable[..., int]) -> None:
    assert ask(client, DENIAL[name])[1] < SECONDS
    if name in OFFERING or amount(2) == 2:
        assert page(client, DENIAL[name]) < SECONDS


def test_what_is_offered_beside_an_answer_has_one_budget(seeds_index: Path) -> None:
    with Archive(str(seeds_index)) as archive:
        hurried = Client(create_app(archive, Settings(time_budget_ms=600_000, offers_ms=1)))
        text = " ".join(f"nothing{n}" for n in range(40))
        answer = hurried.simulate_get("/api/search", params={"q": text}).json
        assert answer["incomplete"] == ["did_you_mean"]
        shown = hurried.simulate_get("/", params={"q": text})
        assert "There was no time for: other spellings" in shown.text
        assert "wider queries" in shown.text.split("There was no time for: ")[1].split(". Use")[0]
        assert "etag" not in shown.headers


def test_made_up_queries_are_answered_or_refused(client: Client, amount: Callable[..., int]) -> None:
    dice = random.Random(8)
    for _ in range(amount(300, few=30)):
        text = made_up(dice)
        assert ask(client, text)[1] < SECONDS, text


@pytest.mark.soak
def test_twenty_thousand_queries_are_answered_or_refused(tmp_path: Path, serve: Callable[[Path], Client]) -> None:
    client = serve(large(tmp_path / "large.idx"))
    client.simulate_get("/api/search?q=warm")
    longest: list[tuple[float, str]] = []
    statuses: Counter[int] = Counter()
    for name, text in DENIAL.items():
        status, taken = ask(client, text)
        assert taken < SECONDS, name
        longest.append((taken, name))
        shown = page(client, text)
        assert shown < SECONDS, name
        longest.append((shown, f"{name}, the page"))
    print(f"{SOAKED:,} articles; the slowest of the list: {max(longest)[1]}, {max(longest)[0]:.2f} s")
    dice = random.Random(20)
    longest.clear()
    for _ in range(20_000):
        text = made_up(dice)
        status, taken = ask(client, text)
        assert taken < SECONDS, text
        statuses[status] += 1
        longest.append((taken, text))
    times = sorted(taken for taken, _ in longest)
    print(f"20,000 made up: {dict(statuses)}; half within {1000 * times[10_000]:.0f} ms, the slowest {times[-1]:.2f} s")


def large(place: Path, articles: int = SOAKED) -> Path:
    """An index of made-up articles, whose words are among those asked for."""
    dice = random.Random(3)
    ends = ("", "a", "er", "ing")
    rare = [a + b + c + d for a in "bcdfgklmnprst" for b in "aeiou" for c in "bcdfgklmnprst" for d in ends]
    with search.writer(place) as writer:
        for number in range(articles):
            words = dice.choices(WORDS, k=100) + dice.choices(rare, k=150) + [f"x{dice.randrange(200_000)}"] * 2
            dice.shuffle(words)
            day = f"{1945 + number % 80}-{1 + number % 12:02d}-17"
            people = tuple({f"p{int(3000 * dice.random() ** 2)}" for _ in range(3)})
            writer.add(Article(f"a{number}", " ".join(words), " ".join(words[:8]), day, person=people, country=("FR",)))
    return place
