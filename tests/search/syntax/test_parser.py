"""What a query is read as, what is said about it, and that its canonical form is read as the same."""

from __future__ import annotations

import functools
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadQuery
from search.syntax import MAX_CLAUSES, MAX_DEPTH, MAX_GROUPS, MAX_NEAR, parse, spelled, write
from search.syntax.function_words import FUNCTION_WORDS
from search.syntax.nodes import (
    MAX_DISTANCE,
    MAX_EDITS,
    All,
    And,
    AtLeast,
    Days,
    Exact,
    Fuzzy,
    Id,
    Misread,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Together,
    Url,
    Value,
    Word,
    excluded,
    leaves,
    terms,
)
from search.text.edits import within
from search.values.bad_values import MAX_TEXT
from tests.cases import cases
from tests.plain_engine.words import edits_between
from tests.search.strategies import condition_texts, leaf_texts, query_texts

WORDS = st.sampled_from([
    "oil", "trade", "U.S.", "cease-fire", "été", "中国", "l'État", "OR", "=", "don't", "2,000", "ﬁne", "the", "of",
    "or", "Le", "de", "WHO", "||", "oil^2", "title:-oil", "-der",
])  # fmt: skip
VALUES = st.sampled_from(
    ["Ann Lee", "Änn", "AND", "title:x", "a»b", "China", "CN", "medtop:04000000", "sport", "-x", "~"]
)
DATES = st.sampled_from(["1989", "1989-11", "1989-11-09", "1989-11-09T10:00:00+01:00", "-7d", "-1y", "1989-13", "x"])
ANY = query_texts(leaf_texts(WORDS) | condition_texts(VALUES, VALUES, VALUES, VALUES, DATES))


@cases(
    "text, tree",
    [
        ("", All()),
        ("Trade", Word("trade")),
        ("trade talks", And((Word("trade"), Word("talks")))),
        ("trade AND talks", And((Word("trade"), Word("talks")))),
        ("oil OR gas", Or((Word("oil"), Word("gas")))),
        ("oil and gas", And((Word("oil"), Word("gas")))),
        ("öl und gas", And((Word("ol"), Word("und"), Word("gas")))),
        ("oil || gas", Or((Word("oil"), Word("gas")))),
        ("oil||gas && price", Or((Word("oil"), And((Word("gas"), Word("price")))))),
        ("the", Word("the")),
        ("to be or not", And((Word("to"), Word("be"), Word("or"), Word("not")))),
        ("the country:FR", And((Word("the"), Value("country", "FR")))),
        ("the -oil", And((Word("the"), Not(Word("oil"))))),
        ('"the" oil', And((Word("the"), Word("oil")))),
        ("the AND oil", And((Word("the"), Word("oil")))),
        ("oil OR the", Or((Word("oil"), Word("the")))),
        ("oil -the", And((Word("oil"), Not(Word("the"))))),
        ("+the oil", And((Word("the"), Word("oil")))),
        ("=the oil", And((Exact(("the",)), Word("oil")))),
        ("title:the oil", And((Word("the", "title"), Word("oil")))),
        ('"head of the opec"', Phrase(("head", "of", "the", "opec"))),
        ('"head of"~3 oil', And((Near(("head", "of"), 3), Word("oil")))),
        ("WHO report", And((Word("who"), Word("report")))),
        ("die hard", And((Word("die"), Word("hard")))),
        ("Le Pen", And((Word("le"), Word("pen")))),
        ("la riots", And((Word("la"), Word("riots")))),
        ("title:-oil", Not(Word("oil", "title"))),
        ('title:-"rate cut" oil', And((Not(Phrase(("rate", "cut"), "title")), Word("oil")))),
        ("-title:-oil", Word("oil", "title")),
        ("country:-FR", Not(Value("country", "FR"))),
        ("country:-(FR OR CN)", Not(Or((Value("country", "FR"), Value("country", "CN"))))),
        ("source:A||B", Value("source", "A||B")),
        ("oil OR gas price", Or((Word("oil"), And((Word("gas"), Word("price")))))),
        ("(oil gas coal)@2", AtLeast((Word("oil"), Word("gas"), Word("coal")), 2)),
        ("(oil OR gas OR oil OR coal)@2", AtLeast((Word("oil"), Word("gas"), Word("coal")), 2)),
        (
            "((oil OR gas) coal (iran iraq))@2",
            AtLeast((Or((Word("oil"), Word("gas"))), Word("coal"), And((Word("iran"), Word("iraq")))), 2),
        ),
        (
            "(gas (b c) OR oil)@2",
            AtLeast((And((Word("gas"), Word("b"), Word("c"))), Word("oil")), 2),
        ),
        ("(oil gas)@1", Or((Word("oil"), Word("gas")))),
        ("(oil gas)@2 -coal", And((AtLeast((Word("oil"), Word("gas")), 2), Not(Word("coal"))))),
        ("(oil OR gas) price", And((Or((Word("oil"), Word("gas"))), Word("price")))),
        ("china -trade", And((Word("china"), Not(Word("trade"))))),
        ("NOT NOT trade", Word("trade")),
        ("NOT (NOT trade)", Word("trade")),
        ("cease-fire", Phrase(("cease", "fire"))),
        ('"Rate cut"', Phrase(("rate", "cut"))),
        ("„Rate cut“", Phrase(("rate", "cut"))),
        ('"talks"', Word("talks")),
        ("title:reactor", Word("reactor", "title")),
        ("TITLE:reactor", Word("reactor", "title")),
        ("text:(oil gas)", And((Word("oil", "text"), Word("gas", "text")))),
        ("trade*", Prefix("trade")),
        ('"rate cut"~5', Near(("rate", "cut"), 5)),
        ('title:"rate cut"~0', Near(("rate", "cut"), 0, "title")),
        ("oil~", Fuzzy("oil", 1)),
        ("Blinkin~", Fuzzy("blinkin", 2)),
        ("blinkin~1", Fuzzy("blinkin", 1)),
        ("Harbour~OCR", Misread("harbour")),
        ("title:harbour~ocr", Misread("harbour", (), "title")),
        ("harbour~ocr-Harbonr-har+bour", Misread("harbour", ("harbonr", "har bour"))),
        ("hand~ocr=Band-haud=baud-baud", Misread("hand", ("haud", "baud"), also=("band",))),
        (
            "(bed (hand)~ocr=haud)~ocr=band",
            And((Misread("bed"), Misread("hand", also=("band", "haud")))),
        ),
        ('"harbour"~ocr', Misread("harbour")),
        (
            '"Harbour of ships"~ocr-fhips',
            Together((Misread("harbour", ("fhips",)), Word("of"), Misread("ships", ("fhips",))), "next"),
        ),
        ("cease-fire~ocr", Together((Misread("cease"), Misread("fire")), "next")),
        (
            "(oil (=gas OR title:price))~ocr-oi1",
            And((Misread("oil", ("oi1",)), Or((Exact(("gas",)), Misread("price", ("oi1",), "title"))))),
        ),
        ("(oil -gas)~ocr coal", And((Misread("oil"), Not(Misread("gas")), Word("coal")))),
        ("=Talks", Exact(("talks",))),
        ('title:="Rate cut"', Exact(("rate", "cut"), "title")),
        ("=cease-fire", Exact(("cease", "fire"))),
        ("oil /s iran", Together((Word("oil"), Word("iran")), "s")),
        ("oil /S iran /s price", Together((Word("oil"), Word("iran"), Word("price")), "s")),
        ("(oil /p iran) /p price", Together((Word("oil"), Word("iran"), Word("price")), "p")),
        ("oil /5 iran", Together((Word("oil"), Word("iran")), 5)),
        ("the /5 iran", Together((Word("the"), Word("iran")), 5)),
        ("a1 /5 b1 /5 c1", And((Together((Word("a1"), Word("b1")), 5), Together((Word("b1"), Word("c1")), 5)))),
        ("a1 /5 b1 /s c1", And((Together((Word("a1"), Word("b1")), 5), Together((Word("b1"), Word("c1")), "s")))),
        ("price oil /s iran", And((Word("price"), Together((Word("oil"), Word("iran")), "s")))),
        ("-oil /s iran", Not(Together((Word("oil"), Word("iran")), "s"))),
        ("oil /s iran OR gas", Or((Together((Word("oil"), Word("iran")), "s"), Word("gas")))),
        ("(oil OR gas) /s iran", Together((Or((Word("oil"), Word("gas"))), Word("iran")), "s")),
        ("(oil gas) /s iran", Together((Word("oil"), Word("gas"), Word("iran")), "s")),
        (
            "(oil gas) /2 iran",
            And((Together((Word("oil"), Word("iran")), 2), Together((Word("gas"), Word("iran")), 2))),
        ),
        ("title:(oil /s gas)", Together((Word("oil", "title"), Word("gas", "title")), "s")),
        ('"rate cut"/s trad*', Together((Phrase(("rate", "cut")), Prefix("trad")), "s")),
        ("person:Pelé /s country:China", Together((Value("person", "Pelé"), Value("country", "CN")), "s")),
        ("oil/s gas", And((Phrase(("oil", "s")), Word("gas")))),
        ('person:"Antony  Blinken"', Value("person", "Antony Blinken")),
        ("person:Pelé", Value("person", "Pelé")),
        ("person:«Weird “Al”»", Value("person", "Weird “Al”")),
        ('source:«Le "Monde" «du soir»»»', Value("source", 'Le "Monde" «du soir»')),
        ('source:"“curly”"', Value("source", "“curly”")),
        ('source:"The “Daily” News" oil', And((Value("source", "The “Daily” News"), Word("oil")))),
        ('"oil prices” AND "gas"', And((Phrase(("oil", "prices")), Word("gas")))),
        ('"“oil prices”', Phrase(("oil", "prices"))),
        (r'source:"The \"Daily\" News"', Value("source", 'The "Daily" News')),
        (r"source:“The \”Daily\” News”", Value("source", "The ”Daily” News")),
        (r'source:"C:\\"', Value("source", "C:\\")),
        (r'source:"C:\" oil', And((Value("source", "C:\\"), Word("oil")))),
        (r'source:"C:\data\news"', Value("source", r"C:\data\news")),
        (r'"no \"deal\" yet"', Phrase(("no", "deal", "yet"))),
        ("country:China", Value("country", "CN")),
        ("country:burma", Value("country", "MM")),
        ('country:"South Korea"', Value("country", "KR")),
        ("country:(China OR fr)", Or((Value("country", "CN"), Value("country", "FR")))),
        ("-country:FR", Not(Value("country", "FR"))),
        ("topic:sport", Value("topic", "medtop:15000000")),
        ("topic:medtop:15000000", Value("topic", "medtop:15000000")),
        ("topic:(15000000)", Value("topic", "medtop:15000000")),
        ("language:French", Value("language", "fr")),
        ("source:AND", Value("source", "AND")),
        ("published:1998..2003", Days("1998", "2003")),
        ("published:1998-05", Days("1998-05", "1998-05")),
        ("published:1998..", Days("1998", None)),
        ("published:..-7d", Days(None, "-7d")),
        ("mentioned:1998-05", Days("1998-05", "1998-05", "mentioned")),
        ("-mentioned:1998..2003", Not(Days("1998", "2003", "mentioned"))),
        ("id:1961-08-berlin-wall", Id("1961-08-berlin-wall")),
        ("id:(a1 OR b~2)", Or((Id("a1"), Id("b~2")))),
        ("url:https://www.Example.com/News?a=1&&b", Url("example.com/news?a=1&&b")),
        ("url:example.com", Url("example.com")),
        ("url:-example.com", Not(Url("example.com"))),
        ('published:"1998-05-17 10:00"', Days("1998-05-17T10:00", "1998-05-17T10:00")),
    ],
)
def test_a_query_is_read_without_a_note(text: str, tree: Node) -> None:
    parsed = parse(text)

    assert parsed.tree == tree
    assert parsed.notes == ()


@cases(
    "text, canonical, note",
    [
        ('"rate cut', "rate AND cut", "Unclosed quote at 1"),
        ('-"rate cut', "NOT rate AND cut", "Unclosed quote at 2"),
        ('person:"Ann Lee', 'person:"Ann Lee"', "Unclosed quote at 8"),
        ("(oil gas", "oil AND gas", "Unclosed “(” at 1"),
        ("oil) gas", "oil AND gas", "Nothing to close with “)” at 4"),
        ("oil OR", "oil", "OR at 5 has nothing on one side"),
        ("AND oil", "oil", "AND at 1 has nothing on one side"),
        ("oil NOT", "oil", "NOT at 5 has nothing to exclude"),
        ("/s oil", "oil", "“/s” at 1 has nothing on one side: ignored."),
        ("oil /5", "oil", "“/5” at 5 has nothing on one side: ignored."),
        ("oil /s OR gas", "oil OR gas", "“/s” at 5 has nothing on one side: ignored."),
        ("oil /s /p gas", "oil /p gas", "“/s” at 5 has nothing on one side: ignored."),
        ("NOT /s oil", "oil", "NOT at 1 has nothing to exclude: ignored."),
        ("oil /s NOT gas", "oil AND NOT gas", "“/s” at 5 cannot be combined with NOT: read as AND."),
        ("oil /s -gas", "oil AND NOT gas", "“/s” at 5 cannot be combined with NOT: read as AND."),
        ("oil /s (gas -coal)", "oil AND gas AND NOT coal", "“/s” at 5 joins words, phrases, persons, countries and"),
        ("oil /s source:Wire /s gas", "oil /s gas AND source:Wire", "“/s” at 20 joins words"),
        ('"oil price"~5 /s gas', '"oil price"~5 AND gas', "“/s” at 15 joins words"),
        ("(oil /5 gas) /s coal", "oil /5 gas AND coal", "“/s” at 14 joins words"),
        ("(oil OR (gas coal)) /2 x1", "(oil OR (gas AND coal)) AND x1", "“/2” at 21 joins words"),
        ("oil /s Oil", "oil", "“/s” at 5 has the same on both sides: ignored."),
        ("oil /0 gas", "oil /1 gas", "“/0” at 5 must be a number of words from 1 to 100: read as /1."),
        ("oil /999 gas", "oil /100 gas", "“/999” at 5 must be a number of words from 1 to 100: read as /100."),
        ("oil ()", "oil", "Nothing in the parentheses at 5"),
        ('oil ""', "oil", "Nothing between the quotes at 5"),
        ("?!", "", "No word to search for at 1"),
        ("tr*", "tr", "“*” at 3 needs one word of 3 letters"),
        ("t*de", '"t de"', "“*” at 2 has a meaning only at the end"),
        ('"rate cu*"', '"rate cu"', "“*” at 9 is in quotes"),
        ("tra*~1", "tra*", "“~1” at 5 cannot follow “*”"),
        ("xi~", "xi", "“~” at 3 needs one word of 3 letters"),
        (
            "who is the head of the opec",
            "head AND opec",
            "Omitted as too common, at 1 and after: who, is, the, of. Quote",
        ),
        ("what's the head, of opec?", "head AND opec", "Omitted as too common, at 1 and after: what, the, of."),
        ("WHO IS HEAD OF OPEC", "head AND opec", "Omitted as too common, at 1 and after: who, is, of."),
        ("title:(the head)", "title:head", "Omitted as too common, at 8 and after: the."),
        ("king of spain OR france", "(king AND spain) OR france", "Omitted as too common, at 6 and after: of."),
        ("was ist die lage in bonn", "lage AND bonn", "Omitted as too common, at 1 and after: was, ist, die, in."),
        (
            "le prix du pétrole en 1986",
            "prix AND petrole AND 1986",
            "Omitted as too common, at 1 and after: le, du, en.",
        ),
        ("die lage vor der wahl", "lage AND wahl", "Omitted as too common, at 1 and after: die, vor, der."),
        ("libros sobre la guerra", "libros AND guerra", "Omitted as too common, at 8 and after: sobre, la."),
        ("livros sobre a guerra", "livros AND guerra", "Omitted as too common, at 8 and after: sobre, a."),
        ("war in iraq", "war AND iraq", "Omitted as too common, at 5 and after: in."),
        ("oil or gas", "oil AND gas", "“or” at 5 was ignored as a common word; for the operator, write oil OR gas."),
        ("oil not gas", "oil AND gas", "“not” at 5 was ignored as a common word; for the operator, write oil NOT gas."),
        ("oil^2 gas", "oil AND gas", "“^2” at 4: words cannot be weighted"),
        ('"rate cut"^1.5', '"rate cut"', "“^1.5” at 11: words cannot be weighted"),
        ("(oil gas)^2", "oil AND gas", "“^2” at 10: words cannot be weighted"),
        ("hand~ocr=band=trade", "hand~ocr=band", "“=trade” at 5 is nothing that a scanner reads in place of a word"),
        ('"hand of"~ocr=h+and', '"hand of"~ocr', "“=h+and” at 10 is nothing that a scanner reads in place of a word"),
        ("(hand -sand)~ocr=band=oil", "hand~ocr=band AND NOT sand~ocr", "“=oil” at 13 is nothing that a scanner reads"),
        ("trade~ocr=", "trade~ocr", "“=” at 10 needs a form after it, as in trade~ocr=form"),
        ("trade~OCR-tradc-", "trade~ocr-tradc", "“-” at 16 needs a form after it, as in trade~ocr=form"),
        ("=trade~ocr", "trade~ocr", "“=” at 1 cannot be used with “~”"),
        ("trade~x", "trade", "“~x” at 6 needs a number, as in trade~1"),
        ('"rate cut"~x', '"rate cut"', "“~x” at 11 needs a number of words after it"),
        ("|| oil", "oil", "OR at 1 has nothing on one side"),
        ("trade~3", "trade~2", "“~3” at 6: at most 2 letters may differ"),
        ("trade~0", "trade", "“~0” at 6 allows no difference"),
        ('"rate cut"~', '"rate cut"', "“~” at 11 needs a number of words after it"),
        ('"rate"~5', "rate", "“~5” at 7 needs two words"),
        ('"rate cut"~999', '"rate cut"~100', "“~999” at 11 is more than the 100 words"),
        ('="rate cut"~5', '"rate cut"~5', "“=” at 1 cannot be used with “~”"),
        (
            "contry:China",
            '"contry china"',
            "No field “contry” to search in, at 1: searched as words. Nearest: country.",
        ),
        ("pérsonn:Smith", '"personn smith"', "No field “pérsonn” to search in, at 1"),
        ("erwänt:1987", '"erwant 1987"', "No field “erwänt” to search in, at 1: searched as words. Nearest: erwähnt."),
        ("erwahn:1987", '"erwahn 1987"', "No field “erwahn” to search in, at 1: searched as words. Nearest: erwähnt."),
        (
            "erwaehn:1987",
            '"erwaehn 1987"',
            "No field “erwaehn” to search in, at 1: searched as words. Nearest: erwähnt.",
        ),
        ("linguaa:it", '"linguaa it"', "No field “linguaa” to search in, at 1: searched as words. Nearest: lingua."),
        (
            "Pais: oil",
            "pais AND oil",
            "“Pais:” at 1 is searched as a word; a field and its word are written together, as in país:word.",
        ),
        ("smith ODER oil", "smith AND oder AND oil", "“ODER” at 7 is searched as a word; the operator is written OR."),
        ('note:"oil"', "note AND oil", "No field “note” to search in, at 1"),
        ("title: oil", "title AND oil", "“title:” at 1 is searched as a word"),
        ("title:OR oil", "oil", "title: at 1 names no word"),
        ("country:Chian", "country:Chian", "No country “Chian”, at 9: no article has it. Nearest: China."),
        ('country:"China"~2', "country:CN", "“~2” at 16 is for words"),
        ("url:https:// oil", "oil", "No address at 5: ignored."),
        ("mentioned:199x", "", "“199x” is not a date, at 11: ignored"),
        ("published:199x", "", "“199x” is not a date, at 11: ignored"),
        ("published:1998..x", "published:1998..", "“x” is not a date, at 11: ignored"),
        ("published:.. oil", "oil", "No date at 11"),
        ("published:05/06/1998 oil", "oil", "“05/06/1998”, at 11, is ignored: it can be 1998-06-05 or 1998-05-06."),
        ("published:March 1987", "1987", "“March” is not a date, at 11: ignored. Give a day"),
        ("published:2003..1998", "published:2003..1998", "The range at 11 ends before it begins"),
    ],
)
def test_what_cannot_be_read_is_repaired_and_said(text: str, canonical: str, note: str) -> None:
    parsed = parse(text)

    assert write(parsed.tree) == canonical
    assert parsed.notes[0].startswith(note)


@cases(
    "text, canonical",
    [
        ('published:"March 1987"', "published:1987-03"),
        ('published:"March 1987..17 May 1998"', "published:1987-03..1998-05-17"),
        ("published:17/05/1998..", "published:1998-05-17.."),
        ('published:"Last week"', "published:last-week"),
        ("published:Yesterday..today", "published:yesterday..today"),
        ("x y OR c", "(x AND y) OR c"),
    ],
)
def test_what_is_read_is_written_in_one_form(text: str, canonical: str) -> None:
    parsed = parse(text)

    assert (write(parsed.tree), parsed.notes) == (canonical, ())
    assert parse(canonical).tree == parsed.tree


def test_notes_come_in_the_order_of_the_query_and_are_not_endless() -> None:
    places = [int(re.findall(r"at (\d+)", note)[-1]) for note in parse('a* OR OR "b* tr*de ' + "x~ " * 50).notes]

    assert places == sorted(places)
    assert len(places) == 21


@given(
    st.lists(st.sampled_from(["oil", "Iran", "OPEC", "the", "of", "a", "OR", "or", "AND", "NOT", "x" * 70, "war", "les",
                              "de", "opec", "oil-price", "3", "ø", "", "near"]), max_size=20).map(" ".join)
)  # fmt: skip
def test_plain_words_are_read_as_any_others(text: str) -> None:
    """What has nothing but words is read in a shorter way; a sign at the end that has no meaning prevents that."""
    assert parse(text) == parse(f"{text} ")


@cases(
    "within, beyond, said",
    [
        ("oil " * MAX_CLAUSES, "oil " * (MAX_CLAUSES + 1), "words, phrases and values"),
        ("oil " * MAX_CLAUSES, "oil country:FR " * MAX_CLAUSES, "words, phrases and values"),
        ("(" * MAX_DEPTH + "oil" + ")" * MAX_DEPTH, "(" * (MAX_DEPTH + 1) + "oil", "nested deeper"),
        *(
            (" OR ".join([group] * MAX_GROUPS), " OR ".join([group] * (MAX_GROUPS + 1)), "more than 16 phrases")
            for group in ('"a b"', "cease-fire", '="a b"', '"a b"~5', 'title:"a b"')
        ),
        *(
            (within, beyond, "more than 64 words in groups of near words")
            for within, beyond in (
                (f'"{"a " * MAX_NEAR}"~5', f'"{"a " * (MAX_NEAR + 1)}"~5'),
                (f'"{"a " * MAX_NEAR}"~5', f'"{"a " * (MAX_NEAR // 2 + 1)}"~5 OR "{"b " * (MAX_NEAR // 2)}"~9'),
                (" /s ".join(f"a{n}" for n in range(MAX_NEAR)), " /s ".join(f"a{n}" for n in range(MAX_NEAR + 1))),
                (
                    " /2 ".join(f"a{n}" for n in range(MAX_NEAR // 2 + 1)),
                    " /2 ".join(f"a{n}" for n in range(MAX_NEAR // 2 + 2)),
                ),
            )
        ),
    ],
)
def test_what_a_query_may_have_at_most_is_read(within: str, beyond: str, said: str) -> None:
    assert parse(within).notes == ()
    with pytest.raises(BadQuery, match=said):
        parse(beyond)


@cases(
    "within, beyond, read",
    [
        (f'"a b"~{MAX_DISTANCE}', f'"a b"~{MAX_DISTANCE + 1}', Near(("a", "b"), MAX_DISTANCE)),
        (f"trade~{MAX_EDITS}", f"trade~{MAX_EDITS + 1}", Fuzzy("trade", MAX_EDITS)),
    ],
)
def test_a_number_that_is_too_great_is_the_greatest_with_a_note(within: str, beyond: str, read: Node) -> None:
    assert (parse(within).tree, parse(within).notes) == (read, ())
    assert parse(beyond).tree == read
    assert len(parse(beyond).notes) == 1


def test_leaves_are_what_is_looked_for_and_terms_what_is_counted() -> None:
    tree = parse('oil "a b"~3 country:FR (gas~ OR published:1998) -trade -topic:sport oil').tree

    assert [write(leaf) for leaf in leaves(tree)] == ["oil", '"a b"~3', "gas~1"]
    assert [write(term) for term in terms(tree)] == ["oil", '"a b"~3', "country:FR", "gas~1", "published:1998"]


def test_what_stands_under_a_not_is_excluded() -> None:
    tree = parse("oil -oil -(gas -coal) NOT country:FR -gas").tree

    assert [write(term) for term in terms(tree)] == ["oil"]
    assert [write(term) for term in excluded(tree)] == ["oil", "gas", "country:FR"]


@cases("language", FUNCTION_WORDS)
def test_a_question_of_function_words_in_any_language_is_read_whole(language: str) -> None:
    words = sorted(FUNCTION_WORDS[language])
    tree = parse(" ".join(words)).tree

    assert [write(leaf) for leaf in leaves(tree)] == words


def test_days_are_bounded_by_the_calendar() -> None:
    today = date(2024, 3, 1)

    assert Days("1998", "2003-02").bounds(today) == (date(1998, 1, 1), date(2003, 2, 28))
    assert Days("-7d", None).bounds(today) == (date(2024, 2, 23), None)


@given(ANY)
def test_canonical_form_reads_as_the_same_tree(text: str) -> None:
    tree = parse(text).tree

    assert parse(write(tree)).tree == tree
    assert write(parse(write(tree)).tree) == write(tree)


DEEPEST = functools.reduce(lambda text, number: f"(a{number} OR {text}) b{number}", range(MAX_DEPTH), "core")


@cases(
    "text",
    [
        f"({'a b ' * 120}c d)@2", f"({'a b OR ' * 90}c d OR e)@2", "the " * 256, "(a OR b) -c " * 80, "-a b " * 128,
        f"the{' of' * 50} oil", '"the" ' * 255 + "oil", "(the) oil " * 100, DEEPEST,
    ],
)  # fmt: skip
def test_a_long_query_can_be_asked_as_it_is_written_out(text: str) -> None:
    canonical = write(parse(text).tree)

    assert len(canonical) <= MAX_TEXT
    assert parse(canonical).tree == parse(text).tree


PARTS = st.sampled_from([
    "oil", "gas", "the", "/s", "/s", "/p", "/5", "/2", "(", ")", "(a b", ")@2", "c)@3", "OR", "AND", "NOT", "-x1",
    '"a b"', "title:", "a*", "title:(", "person:X", "source:X", '"a b"~2', "published:1998", '"', "|| ",
])  # fmt: skip


@given(st.lists(PARTS, max_size=12).map(" ".join))
def test_parts_and_operators_in_any_order_are_read_as_they_are_written_out(text: str) -> None:
    tree = parse(text).tree

    assert parse(write(tree)).tree == tree


VALUES = st.text('"“”„«»\\\\ab ()~^:', max_size=12) | st.text(max_size=12)


@given(st.lists(VALUES.map(lambda text: " ".join(text.split())).filter(bool), min_size=1, max_size=4))
def test_any_value_is_read_as_it_is_written(values: list[str]) -> None:
    parts = tuple(dict.fromkeys(Value("source", value) for value in values))
    tree = Or(parts) if len(parts) > 1 else parts[0]

    assert parse(write(tree)).tree == tree
    assert parse(spelled(parse(write(tree)).tree)).tree == tree
    assert not parse(write(tree)).notes


@given(st.text('ab "()-*~:=.ORNTD“”«»„x1\\\\', max_size=60) | st.text(max_size=60) | st.text("(:\"'*~= ", max_size=30))
def test_any_text_is_read_and_every_note_names_a_place(text: str) -> None:
    for field in ("", "person:", "title:", "topic:(", "published:", "url:", "id:", "mentioned:"):
        parsed = parse(field + text)

        assert parse(write(parsed.tree)).tree == parsed.tree
        assert all(re.search(r"\bat \d", note) for note in parsed.notes)


HOSTILE = ['"', "(", "a~", "=", "*", "-", "~", "a:", "NOT ", "title:", '="', '«a"', '"«a', "“", "country:x ", "a*b "]
ESCAPES = [r'"\"', r"\"", r"“\”", r'source:"\\"', r'"\\']


@cases("piece", [*HOSTILE, *ESCAPES])
def test_hostile_queries_are_answered_or_refused(piece: str) -> None:
    text = (piece * 2000)[:2000]
    try:
        tree = parse(text).tree
    except BadQuery:
        return
    assert parse(write(tree)).tree == tree


LETTERS = st.text("abcé", max_size=6)


@given(LETTERS, LETTERS, st.integers(0, 3))
def test_within_agrees_with_the_table_of_distances(a: str, b: str, edits: int) -> None:
    assert within(a, b, edits) == (edits_between(a, b) <= edits)


DOCUMENT = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text("utf-8")


def test_the_document_says_what_is_said() -> None:
    repaired = re.findall(r"^\| `(.+?)` \| `(.+?)` \| (.+?) \|$", DOCUMENT, re.MULTILINE)

    assert len(repaired) > 5
    for text, canonical, note in repaired:
        assert write(parse(text).tree) == canonical
        assert parse(text).notes[0].startswith(note)


def test_every_example_of_the_document_is_read_without_a_note() -> None:
    for line in re.findall(r"^\| (`.+?) \| [a-z].*\|$", DOCUMENT.split("## When")[0], re.MULTILINE):
        for example in re.findall(r"`(.+?)`", line):
            assert parse(example).notes == (), example


@cases("text, meant", [
    ("land:Frankreich Öl", "country:FR Öl"),
    ('pays:Allemagne -thème:sport', "country:DE -topic:sport"),
    ('país:"Países Bajos"', "country:NL"),
    ("paese:Germania lingua:tedesco", "country:DE language:de"),
    ("titel:crisis taal:Duits", "title:crisis language:de"),
    ("Título:crise", "title:crise"),
    ("erwähnt:1987 hinzugefügt:-7d..", "mentioned:1987 added:-7d.."),
    ("datum:1998 sujet:sport theme:sport", "published:1998 topic:sport topic:sport"),
    ("erwaehnt:1987 hinzugefuegt:-7d.. Ueberschrift:Öl", "mentioned:1987 added:-7d.. title:Öl"),
    ("land:Oesterreich OR land:Osterreich OR thema:Universitaet", "country:AT OR country:AT OR thema:Universität"),
    ('veroffentlicht:"la semaine dernière"', "published:last-week"),
    ("ſource:Wire tİtle:crisis", "source:Wire title:crisis"),
])  # fmt: skip
def test_fields_and_values_have_names_in_seven_languages(text: str, meant: str) -> None:
    assert parse(text).tree == parse(meant).tree


@cases("text, note", [
    ("sprache:Deutch", "No language “Deutch”, at 9: no article has it. Nearest: Deutsch."),
    ("language:Deutch", "No language “Deutch”, at 10: no article has it. Nearest: Dutch."),
    ("land:Deutschlnd", "No country “Deutschlnd”, at 6: no article has it. Nearest: Deutschland."),
])  # fmt: skip
def test_the_nearest_value_is_in_the_language_of_the_field(text: str, note: str) -> None:
    assert parse(text).notes == (note,)
