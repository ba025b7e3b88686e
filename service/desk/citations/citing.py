"""Citing a result, and comparing it with what the same question finds now.

Somebody with a key of scope `edit` has the citation stored, with its articles: it then shows which of them came, went
and changed. Anybody else gets an address that contains the citation, signed: it shows if the result is still the same,
and how many of its articles are new or changed since.

    7c9e1b04aa52f3d1                      the id of a stored one
    eJyrVkrLz1eyUkpKLFKqBQAi-wRk.mZ0Jt…   what a signed one says, compressed . its signature

Cost: reads every article of the result, which is limited to `MOST`.
"""

from __future__ import annotations

import hmac
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

import orjson

from desk.citations.changes import Changes, between
from desk.citations.citation import CannotCite, Citation
from desk.citations.result import ALGORITHM, Entry, entry, hash_of, ordered
from desk.citations.store import CitationMissing, Store
from search.engine import Engine
from search.errors import ArticleGone, ArticleMissing, BadQuery, BadValue
from search.said import said
from search.text import dates
from search.values.article import Article
from search.values.query import Query
from service import gone, params
from service.archive import Archive
from service.formats import export, question
from service.settings import Settings

MOST_STORED = 10_000
"""Citations that an index stores; others are in their addresses."""
MOST = 100_000
"""The maximum number of articles of a cited result."""
MAX_ADDRESS = 2_000
"""The maximum length of the end of a signed address, which people send by mail."""
EXPLAINED = 100
"""How many of the articles that went are looked up."""
_TRIES = 5
_STORED = re.compile("[0-9a-f]{16}")
_SIGNED = re.compile(r"([A-Za-z0-9_-]{48,2000})\.([A-Za-z0-9_-]{22})")
_MAC_BYTES = 16
_HASH_BYTES = 32


NOT_THERE = said("It is not in the archive.")
NO_MATCH = said("It does not match any more.")
"""Why an article that went is not found."""


class Brief(NamedTuple):
    """What a list says about an article: it is called by its heading."""

    id: str
    title: str
    published: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Reopened:
    """A citation and what its question finds now.

    Attributes:
        generation, at: of the index now, and the time in UTC.
        total: the number of articles that match now.
        hash: the hash over them; None if there are more than `MOST`.
        changes: what came, went and changed; None if the articles of then, or those of now, are not known.
        briefs: by id, the articles that came or changed.
        went: by id, why an article that went is not found; for the first `EXPLAINED`.
        added, changed: of an address, how many of the articles that match now were added and changed since.
        problem: why the question cannot be asked any more, such as a list that is gone; then nothing is known of now.
    """

    citation: Citation
    query: Query
    generation: int
    at: str
    total: int
    hash: str | None
    changes: Changes | None
    briefs: Mapping[str, Brief]
    went: Mapping[str, str]
    added: int | None = None
    changed: int | None = None
    problem: str = ""

    @property
    def same(self) -> bool:
        """True if nothing came, went or changed, besides what was purged."""
        return self.changes.none if self.changes is not None else self.hash == self.citation.hash


class Citing:
    """Makes and opens the citations of an archive."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._most_anonymous = settings.anonymous_export
        self._secret = settings.citation_secret

    def make(self, query: Query, by: str | None, has_key: bool) -> Citation:
        """Cite the result of a query.

        Args:
            by: the name of a key that may store the citation; None for a signed address.
            has_key: True if it is asked for with a key, of whatever scope.

        Raises:
            BadQuery: if there are too many articles, or they are those of a private list.
            CannotCite: if an address would be too long, or cannot be signed.
        """
        if self._archive.is_private(query):
            reason = said("The list “{name}” is private: nobody else could check the result.", name=query.list or "")
            raise BadQuery([BadValue("list", query.list or "", reason, said("Share the list first."))])
        query = question.settled(self._archive.lasting(query), date.today())
        asked = params.joined(question.pairs(query))
        stores = by is not None
        for _ in range(_TRIES):
            self._check(query, self.most(has_key))
            engine = self._archive.engine
            articles, origin = export.begin(engine, query)
            entries = ordered(map(entry, islice(articles, MOST + 1)))
            if len(entries) > MOST:  # there were fewer when it was checked
                raise _too_many(len(entries), MOST)
            whole = hash_of(entries)
            made = Citation("", asked, origin.generation, dates.now(), len(entries), whole, by or "", entries)
            if not stores:
                return _signed(made, self._secrets()[0])
            with Store(self._archive.place) as store:
                if store.count >= MOST_STORED:
                    raise CannotCite(f"There are {store.count:,} stored citations already. Cite without storing it.")
                stored = store.add(made, partial(_is_current, engine, made))
            if stored is not None:
                return stored
        raise CannotCite("The archive changes too fast to be cited now. Try again in a minute.")

    def most(self, has_key: bool) -> int:
        """The greatest number of articles of a result that can be cited."""
        return MOST if has_key else min(MOST, self._most_anonymous or MOST)

    def find(self, citation_id: str) -> Citation:
        """The citation at an address. Raises CitationMissing if there is none, CitationGone if there was one."""
        if (parts := _SIGNED.fullmatch(citation_id)) is not None:
            return _unsigned(citation_id, *parts.groups(), secrets=self._secrets(make=False))
        if not _STORED.fullmatch(citation_id) or not Store.is_in(self._archive.place):
            raise CitationMissing(citation_id)
        with Store(self._archive.place) as store:
            return store.get(citation_id)

    def listed(self, after: str, most: int) -> tuple[Citation, ...]:
        """The stored citations, without their articles, the last ones first."""
        if not Store.is_in(self._archive.place):
            return ()
        with Store(self._archive.place) as store:
            return store.listed(after, most)

    def open(self, citation_id: str) -> Reopened:
        """A citation, and what its question finds now."""
        citation = self.find(citation_id)
        query, engine = question.read(citation.question), self._archive.engine
        try:
            total = engine.totals([query])[0]
        except BadQuery as problem:
            generation, at = engine.generation, dates.now()
            return Reopened(citation, query, generation, at, 0, None, None, {}, {}, problem=str(problem))
        if total > MOST:
            return Reopened(citation, query, engine.generation, dates.now(), total, None, None, {}, {})
        then = {each.id: each for each in citation.entries or ()}
        articles, origin = export.begin(engine, query)
        entries: list[Entry] = []
        briefs: dict[str, Brief] = {}
        added = changed = 0
        for article in articles:
            entries.append(now := entry(article))
            if citation.entries is not None:
                if then.get(now.id) is None or then[now.id].content != now.content:
                    briefs[now.id] = _brief(article)
            elif article.added is not None and article.added > citation.made:
                added += 1
            elif article.changed is not None and article.changed > citation.made:
                changed += 1
        found = ordered(entries)
        whole = hash_of(found)
        if citation.entries is None:
            counts = (added, changed)
            return Reopened(citation, query, origin.generation, dates.now(), len(found), whole, None, {}, {}, *counts)
        changes = between(citation.entries, found)
        went = {each.id: self._why(engine, each.id) for each in changes.went[:EXPLAINED]}
        return Reopened(citation, query, origin.generation, dates.now(), len(found), whole, changes, briefs, went)

    def _check(self, query: Query, most: int) -> None:
        """Refuse a result that is too large, before its articles are read."""
        total = self._archive.engine.totals([query])[0]
        if total > most:
            raise _too_many(total, most)

    def _why(self, engine: Engine, article_id: str) -> str:
        """Why an article is not found any more."""
        try:
            engine.article(article_id)
        except ArticleMissing as missing:
            known = gone.explained(self._archive.place, missing)
            return known.sentence if isinstance(known, ArticleGone) else NOT_THERE
        return NO_MATCH

    def _secrets(self, make: bool = True) -> tuple[bytes, ...]:
        """The secrets of signed addresses, the one to sign with first."""
        given = (self._secret.encode(),) if self._secret else ()
        if not make and not Store.is_in(self._archive.place):
            return given
        with Store(self._archive.place) as store:
            return (*given, *store.secrets())


def _signed(citation: Citation, secret: bytes) -> Citation:
    """A citation whose address contains it."""
    said = [citation.question, citation.generation, citation.made, citation.total]
    data = bytes.fromhex(citation.hash.removeprefix(ALGORITHM)) + zlib.compress(orjson.dumps(said), 9)
    address = f"{_encoded(data)}.{_encoded(_mac(data, secret))}"
    if len(address) > MAX_ADDRESS:
        raise CannotCite(
            "The question is too long for an address. Sign in with an editor’s key: the citation is stored then. "
            "Or leave some words or filters out."
        )
    return Citation(address, citation.question, citation.generation, citation.made, citation.total, citation.hash)


def _unsigned(citation_id: str, encoded: str, signature: str, *, secrets: tuple[bytes, ...]) -> Citation:
    """The citation that an address contains. Raises CitationMissing if none of the secrets has signed it."""
    try:
        data, mac = _decoded(encoded), _decoded(signature)
    except ValueError:
        raise CitationMissing(citation_id) from None
    if not any(hmac.compare_digest(_mac(data, secret), mac) for secret in secrets):
        raise CitationMissing(citation_id)
    asked, generation, made, total = orjson.loads(zlib.decompress(data[_HASH_BYTES:]))
    return Citation(citation_id, asked, generation, made, total, ALGORITHM + data[:_HASH_BYTES].hex())


def _mac(data: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"citation\0" + data, sha256)[:_MAC_BYTES]


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_current(engine: Engine, citation: Citation) -> bool:
    return engine.generation == citation.generation


def _brief(article: Article) -> Brief:
    return Brief(article.id, article.heading, article.published, article.source)


def _too_many(total: int, most: int) -> BadQuery:
    reason = said("This result has {total} articles; a citation has up to {most}.", total=total, most=most)
    return BadQuery(
        [BadValue("q", "", reason, said("Narrow the search by words, filters or dates, and cite the parts."))]
    )
