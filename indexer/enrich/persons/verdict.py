"""What an article as a whole shows about its names: a person's, or a place's, a ship's, a firm's.

`judge` adds up the `cues` of all occurrences of a name. Not for what the name's own words show: see `impostors`.

Cost: some 20 microseconds a mention, including one pass over its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.enrich.persons import cues, names
from indexer.enrich.persons.mentions import FULL_CONFIDENCE, LONE_CONFIDENCE, Mention, begins
from indexer.enrich.persons.partners import has_ticker, in_firm
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.shared.lexicon import flags, table, words_of
from search.text import fold

UNSUPPORTED_CONFIDENCE = 0.95
"""The least confidence of the model for a single word at the beginning of a sentence that occurs nowhere else and has
no cue for a person."""

_OFTEN = 1
"""A given name alone, without other evidence, is a person if it occurs more often than this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The evidence of an article for its names: how often each occurs, and how often as a person's or not as one.

    Keyed by the words of the name; `vouched` by the surname, as compared.
    """

    counts: Counter[tuple[str, ...]]
    vouched: Counter[str]
    denied: Counter[tuple[str, ...]]

    def against(self, mention: Mention) -> bool:
        """True if a name is a place's or a thing's."""
        words = mention.name.words
        against, often = self.denied[words], self.counts[words]
        most = against * 2 > often if len(words) > 1 and cues.is_given(words[0]) else against * 3 >= often
        return against > 0 and most and not self.vouched[mention.name.family]

    def surer(self, mention: Mention) -> Mention:
        """A mention of a full name; evidence other than the model's makes it certain enough."""
        if len(mention.name.words) < 2 or not self.vouched[mention.name.family]:
            return mention
        return replace(mention, confidence=max(mention.confidence, FULL_CONFIDENCE))

    def supports(self, body: Sequence[Sentence], mention: Mention) -> bool:
        """True if there is evidence for a single word besides the model: title, role, verb of saying, a second one."""
        name = mention.name
        if name.title or self.vouched[name.family]:
            return True
        if fold(name.words[0]) in words_of("common"):
            return False
        words = body[mention.sentence].words
        if _is_quoted(words, mention.first, mention.last):
            return False
        if cues.speaks(words, mention.first, mention.last) or (
            words[mention.last : mention.last + 1] == [","] and "f" in flags(name.words[0]) and not mention.first
        ):
            return True
        if name.words[0] in table("given") and name.words[0] not in table("surname"):
            return self.counts[name.words] > _OFTEN
        sure = UNSUPPORTED_CONFIDENCE if begins(words, mention.first) else LONE_CONFIDENCE
        return self.counts[name.words] > 1 or mention.confidence >= sure


def _is_quoted(words: Sequence[str], first: int, last: int) -> bool:
    """True if a name alone is between quotation marks: a title or a nickname."""
    return first > 0 and last < len(words) and (words[first - 1], words[last][0]) in _QUOTES


def _is_partner(words: Sequence[str], mention: Mention) -> bool:
    """True if a name is joined to another by `&`, as in those of firms and duos."""
    return "&" in words[mention.last : mention.last + 1] or (mention.first > 0 and words[mention.first - 1] == "&")


_QUOTES = frozenset((("“", "”"), ("‘", "’"), ('"', '"'), ("'", "'"), ("«", "»"), ("„", "“")))


def judge(body: Sequence[Sentence], headline: Sequence[Sentence], candidates: Sequence[Mention]) -> Verdict:
    """The candidates of an article that are persons; the headline is evidence against names, never for them."""
    counts: Counter[tuple[str, ...]] = Counter()
    vouched: Counter[str] = Counter()
    denied: Counter[tuple[str, ...]] = Counter()
    ends: dict[int, set[int]] = {}
    for mention in candidates:
        ends.setdefault(mention.sentence, set()).add(mention.last)
    for mention in candidates:
        words, name = body[mention.sentence].words, mention.name
        counts[name.words] += 1
        calling = not name.title or name.title.islower()
        if (
            (calling and in_firm(words, mention.first, mention.last))
            or (len(name.words) > 1 and (_is_quoted(words, mention.first, mention.last) or _is_partner(words, mention)))
            or cues.denied(words, mention.first, mention.last, name.title, frozenset(ends[mention.sentence]))
        ):
            denied[name.words] += 1
        elif name.title or (
            cues.vouched(words, mention.first, mention.last)
            and (len(name.words) > 1 or not mention.first or fold(words[mention.first - 1]) not in words_of("kin"))
        ):
            vouched[name.family] += 1
    listed = {
        names.key(word)
        for sentence in headline
        for at, word in enumerate(sentence.words)
        if has_ticker(sentence.words, at + 1)
    }
    for words_of_name in counts:
        if len(words_of_name) == 1 and names.key(words_of_name[0]) in listed:
            denied[words_of_name] += counts[words_of_name]
    lone = {words_of_name[0] for words_of_name in counts if len(words_of_name) == 1}
    for sentence in (*headline, *body) if lone else ():
        words = sentence.words
        for at in sentence.capitals:
            if at and words[at] in lone and fold(words[at - 1]) in words_of("bearer"):
                denied[(words[at],)] += counts[(words[at],)]
    return Verdict(counts, vouched, denied)
