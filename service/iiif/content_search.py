"""The IIIF Content Search API 2.0: the words of an issue that a query finds, each with its box on a page.

The same in version 1.0, for viewers that do not know the other yet, as Mirador 4. A word is found if it is marked in an
article that the query finds, and counts once: one that is divided has two boxes.
Sources: https://iiif.io/api/search/2.0/, https://iiif.io/api/search/1.0/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from falcon import HTTPNotFound, Request, Response

from search.analyses import issues
from search.analyses.issues import Issue
from search.engine import Engine
from search.system.json import Json
from search.values import printed
from search.values.query import Filter, Query
from search.values.results import Mark
from search.values.scan import ScanPage
from service.html.mending import number_asked
from service.iiif import addresses
from service.resource import Resource
from service.values.shared_values import encode

CONTEXTS = {2: "http://iiif.io/api/search/2/context.json", 1: "http://iiif.io/api/search/1/context.json"}
SIZE = 500
"""The greatest number of words of an answer; the next one has more."""
AROUND = 40
"""Characters of the text that are given before and after a word."""
KNOWN, MOTIVATION = ("q", "page", "motivation"), "supplementing"


class Box(NamedTuple):
    """Where a word is, or the part of one on a line.

    Attributes:
        page: the number of the page in the issue, from 1.
    """

    page: int
    top: int
    left: int
    width: int
    height: int


class Found(NamedTuple):
    """A word.

    Attributes:
        boxes: of its parts, in the order in which they are read.
    """

    boxes: tuple[Box, ...]
    before: str
    word: str
    after: str
    language: str | None


class ContentSearchResource(Resource):
    """`GET /iiif/{issue}/search`: what `q` finds in an issue."""

    def on_get(self, req: Request, resp: Response, issue: str, version: str = "2") -> None:
        """Answer as an annotation page, in version 1 as a list."""
        if version not in ("1", "2"):
            raise HTTPNotFound(description="There are the versions 1 and 2 of the Content Search API.")
        text, number = (req.get_param("q") or "").strip(), number_asked(req, "page", 1_000_000) or 1
        engine = self._archive.engine
        with engine.batch():
            name, source = addresses.named(issue)
            of = issues.named(engine, source, name)
            found = sorted(search(engine, of, text), key=lambda one: one.boxes[0])
        if version == "2" and MOTIVATION not in (req.get_param("motivation") or MOTIVATION).split():
            found = []
        answer = _Answer(
            self._settings.base(req.prefix), int(version), of, text, number, found,
            sorted(name for name in req.params if name not in KNOWN[: int(version) + 1]),
        )  # fmt: skip
        resp.content_type = f'application/ld+json;profile="{CONTEXTS[int(version)]}"'
        resp.data = encode(answer.of_version_2() if version == "2" else answer.of_version_1())


def search(engine: Engine, issue: Issue, text: str) -> Iterator[Found]:
    """The words of an issue that a query finds; none for a query without words. Raises BadQuery."""
    if not text:
        return
    articles = {piece.article.id: piece.article for page in issue.pages for piece in page.pieces}
    day = issue.day.isoformat()
    query = Query(text, {"source": Filter(any=(issue.source,))}, date_from=day, date_to=day, scan=True, facets=())
    (ids,) = engine.matching((query,), articles.keys())
    some = [article for article in articles.values() if article.id in ids]
    marks = dict(zip((article.id for article in some), engine.marked(some, text), strict=True))
    on: dict[str, list[tuple[int, ScanPage]]] = {}
    for number, page in enumerate(issue.pages, 1):
        for piece in page.pieces:
            if piece.article.id in marks:
                on.setdefault(piece.article.id, []).append((number, piece.scan))
    for article_id, pages in on.items():
        article, marked = articles[article_id], marks[article_id]
        yield from _words(article.title, marked.title, [(at, scan.title) for at, scan in pages], article.language)
        yield from _words(article.text, marked.text, [(at, scan.text) for at, scan in pages], article.language)


def _words(
    text: str, ranges: Sequence[Mark], pages: Sequence[tuple[int, str]], language: str | None
) -> Iterator[Found]:
    boxes: dict[tuple[int, int], list[Box]] = {}
    for number, packed in pages if ranges else ():
        for word in printed.over(printed.unpack(packed), ranges):
            own = Box(number, word.y, word.x, word.width, word.height)
            boxes.setdefault((word.start, word.end), []).append(own)
    for (start, end), parts in boxes.items():
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        yield Found(tuple(parts), before, text[start:end], after, language)


class _Answer:
    """A part of what was found, in either version."""

    def __init__(
        self, base: str, version: int, issue: Issue, text: str, number: int, found: Sequence[Found], ignored: list[str]
    ) -> None:
        self._base, self._issue, self._text, self._number, self._ignored = base, issue, text, number, ignored
        self._own = addresses.content_search(base, version, issue.source, issue.itself.name)
        self._all = len(found)
        self._some = list(enumerate(found, 1))[(number - 1) * SIZE : number * SIZE]
        self._last = max(1, -(-len(found) // SIZE))

    def _at(self, number: int | None = None) -> str:
        return f"{self._own}?{urlencode({'q': self._text} | ({} if number is None else {'page': number}))}"

    def _canvas(self, box: Box) -> str:
        canvas = addresses.canvas(self._base, self._issue.source, self._issue.itself.name, box.page)
        return f"{canvas}#xywh={box.left},{box.top},{box.width},{box.height}"

    def of_version_2(self) -> Json:
        whole = {
            "id": self._at(),
            "type": "AnnotationCollection",
            "total": self._all,
            "first": {"id": self._at(1), "type": "AnnotationPage"},
            "last": {"id": self._at(self._last), "type": "AnnotationPage"},
        }
        words, contexts = [], []
        for at, one in self._some:
            name = f"{self._at()}#{at}"
            body = {"type": "TextualBody", "value": one.word, "format": "text/plain"}
            body |= {"language": one.language} if one.language else {}
            targets = [self._canvas(box) for box in one.boxes]
            target: str | list[str] = targets[0] if len(targets) == 1 else targets
            words.append({"id": name, "type": "Annotation", "motivation": MOTIVATION, "body": body, "target": target})
            quoted = {"type": "TextQuoteSelector", "prefix": one.before, "exact": one.word, "suffix": one.after}
            context = {"type": "SpecificResource", "source": name, "selector": [quoted]}
            contexts.append(
                {"id": f"{name}-context", "type": "Annotation", "motivation": "contextualizing", "target": context}
            )
        answer: Json = {
            "@context": CONTEXTS[2],
            "id": self._at(self._number),
            "type": "AnnotationPage",
            "partOf": whole,
            "startIndex": (self._number - 1) * SIZE,
            "items": words,
        }
        if self._ignored:
            answer["ignored"] = self._ignored
        if self._number < self._last:
            answer["next"] = {"id": self._at(self._number + 1), "type": "AnnotationPage"}
        if 1 < self._number <= self._last:
            answer["prev"] = {"id": self._at(self._number - 1), "type": "AnnotationPage"}
        if contexts:
            answer["annotations"] = [
                {"id": f"{self._at(self._number)}#contexts", "type": "AnnotationPage", "items": contexts}
            ]
        return answer

    def of_version_1(self) -> Json:
        words, hits = [], []
        for at, one in self._some:
            names = [
                f"{self._at()}#{at}" if not part else f"{self._at()}#{at}-{part}" for part in range(len(one.boxes))
            ]
            words += [
                {
                    "@id": name,
                    "@type": "oa:Annotation",
                    "motivation": "sc:painting",
                    "resource": {"@type": "cnt:ContentAsText", "chars": one.word},
                    "on": self._canvas(box),
                }
                for name, box in zip(names, one.boxes, strict=True)
            ]
            quoted = {"before": one.before, "match": one.word, "after": one.after}
            hits.append({"@type": "search:Hit", "annotations": names, **quoted})
        within: Json = {"@type": "sc:Layer", "total": self._all, "first": self._at(1), "last": self._at(self._last)}
        if self._ignored:
            within["ignored"] = self._ignored
        answer: Json = {
            "@context": ["http://iiif.io/api/presentation/2/context.json", CONTEXTS[1]],
            "@id": self._at(self._number),
            "@type": "sc:AnnotationList",
            "within": within,
            "startIndex": (self._number - 1) * SIZE,
            "resources": words,
            "hits": hits,
        }
        return answer | ({"next": self._at(self._number + 1)} if self._number < self._last else {})
