"""The bits of a mention say of every pattern that matches around it that it may match."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.countries import around, gazetteer, namesakes, senses
from indexer.enrich.countries.gazetteer import Mention, flat
from indexer.enrich.kernels import around as kernels
from search.values.article import Article
from tests import waiting

ENGLISH = languages.default()

PLACES = ("Paris", "London", "Kent", "Belgian", "US", "Texas", "New York", "Oxford", "Swiss")
OTHERS = ("the", "and", "Foo", "A/S", "N.V.", "<FOO>", "é", "aé", "éof", "ſhillings", "1a", "’s", "stock", "listed")
WORD = st.sampled_from(
    [
        *PLACES * 8,
        *OTHERS * 3,
        *(word for kinds in around._KINDS.values() for kind in kinds for word in ENGLISH.listed(kind)),
    ]
)
JOINT = st.sampled_from([*[" "] * 20, ", ", ". ", "-", "’s ", "\n", "  ", "> ", "‑", ""])
CASES: list[Callable[[str], str]] = [str, str, str.upper, str.title]
TEXTS = st.lists(st.tuples(WORD, JOINT, st.sampled_from(CASES)), max_size=12).map(
    lambda parts: "".join(change(word) + joint for word, joint, change in parts)
)

AFTER = {
    kernels.STREET: ENGLISH.pattern("street-after"),
    kernels.SIGNED: ENGLISH.pattern("signed-after"),
    kernels.MONEY: ENGLISH.pattern("money-after"),
    kernels.NAMED: senses._NEXT,
    kernels.COUNTY: ENGLISH.pattern("county-after"),
    kernels.FIRM: ENGLISH.pattern("firm-goes-on"),
    kernels.MADE: ENGLISH.pattern("made-after"),
    kernels.TRADE: ENGLISH.pattern("trade-after"),
    kernels.MARKET: ENGLISH.pattern("market-after"),
    kernels.MEETS: ENGLISH.pattern("meets-after"),
}
BEFORE = {
    kernels.TITLE: ENGLISH.pattern("titled-before"),
    kernels.SPOKEN: ENGLISH.pattern("spoken-before"),
    kernels.SITED: ENGLISH.pattern("sited-before"),
    kernels.BANK: ENGLISH.pattern("bank-before"),
    kernels.LISTED: ENGLISH.pattern("listed-before"),
    kernels.AFTER_FIRM: ENGLISH.pattern("firm-before"),
    kernels.MET: ENGLISH.pattern("met-before"),
}


@given(TEXTS)
@example("Foo Inc of Zürich, Paris, listed in London and Kent. Bank de Paris; in Swiss francs, Mr. Texas")
@example("Paris of the And A/S. London <Foo and Bar Holdings. Berlin Belgian, US-flagged US trade union banks")
def test_a_bit_is_set_wherever_its_pattern_matches(text: str) -> None:
    line = flat(text)
    for start, end, _, near in gazetteer.find(text, ENGLISH):
        for bit, pattern in AFTER.items():
            assert near & bit or not pattern.match(line, end), (line, end, pattern.pattern)
        for bit, pattern in BEFORE.items():
            assert near & bit or not pattern.search(line, max(0, start - 120), start), (line, start, pattern.pattern)
        assert near & kernels.COMMA or not line.startswith(", ", end)
        assert near & kernels.SPOKEN or line[start - 3 : start].lower() != "in "


@given(TEXTS)
@example("Paris. Kent ")
def test_a_mention_of_which_nothing_is_known_means_the_same(text: str) -> None:
    def told(mentions: list[Mention]) -> list[senses.Said]:
        article = Article("a", text)
        here = namesakes.Here(ENGLISH, (flat(text), mentions))
        return senses.judge(text, mentions, article, here, senses.firms_in(text, mentions, ENGLISH))

    found = gazetteer.find(text, ENGLISH)

    assert told([Mention(*mention[:3]) for mention in found]) == told(found)


def test_other_words_have_no_bits() -> None:
    (paris,) = gazetteer.find("They say Paris waits", ENGLISH)

    assert not paris.near & ~kernels.NAMESAKE


def test_time_grows_as_length_does() -> None:
    for part in ("US-", "US ", "US, ", "of US ", "aUS,US, "):

        def finding(size: int, part: str = part) -> Callable[[], object]:
            return lambda: gazetteer.find(part * size, ENGLISH)

        assert waiting.grows_less(20, finding, 5_000, 40_000)
