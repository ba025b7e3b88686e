"""`POST /api/draft`: the draft check as JSON. Accepts plain text, or JSON with a text and a title."""

from __future__ import annotations

import codecs

import falcon
import orjson
from falcon import Request, Response

from search.measures.overlap import Shared
from search.values.article import Article
from service.api.draft import Draft, Known, check
from service.formats import render
from service.http.posted_body import check_charset, check_utf8, read_all
from service.params.operation import operation
from service.resource import Resource
from service.values import article_values
from service.values.article_values import MAX_CHARACTERS
from service.values.shared_values import Brief, made_of, naming

MAX_BYTES = 12 * MAX_CHARACTERS + 4096
"""The maximum of bytes of a request, in which each character may be written in twelve."""


class DraftResource(Resource):
    """`POST /api/draft`: check a draft."""

    @operation(
        "draft",
        "What the archive knows about a text, of which nothing is stored",
        article_values.Draft,
        "Its persons, countries, topics, dates, and earlier articles",
        body={"text/plain": str, "application/json": article_values.SentDraft},
        refuses={415: "Neither text nor JSON"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        title, text = _sent(req)
        resp.media = as_answer(check(self._archive.engine, text, title))
        resp.set_header("Cache-Control", "no-store")


def _sent(req: Request) -> tuple[str, str]:
    """The title and the text of a request."""
    kind = (req.content_type or "text/plain").partition(";")[0].strip().lower()
    if kind not in ("text/plain", "application/json"):
        raise falcon.HTTPUnsupportedMediaType(
            description=f"Content-Type is “{kind}”. Send text/plain or application/json."
        )
    data = sent_bytes(req)
    if kind == "text/plain":
        return "", checked(decoded(data))
    check_utf8(data)
    try:
        value = orjson.loads(data.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise falcon.HTTPBadRequest(description=f"The body is not JSON: {error.msg} at line {error.lineno}.") from None
    title, text = (value.get("title") or "", value.get("text")) if isinstance(value, dict) else ("", None)
    if not isinstance(title, str) or not isinstance(text, str):
        raise falcon.HTTPBadRequest(description='Send an object with a text: {"title": "…", "text": "…"}.')
    checked(title + text)
    return title, checked(text)


def sent_bytes(req: Request) -> bytes:
    """The body of a request that sends a draft. Raises falcon.HTTPError if it is encoded in another way than UTF-8."""
    if (coding := req.get_header("Content-Encoding", default="identity")) != "identity":
        raise falcon.HTTPUnsupportedMediaType(description=f"Content-Encoding is “{coding}”. Send it uncompressed.")
    check_charset(req)
    return read_all(req, MAX_BYTES)


def decoded(data: bytes, what: str = "draft") -> str:
    """Bytes as text. Raises falcon.HTTPBadRequest if they are none."""
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise falcon.HTTPBadRequest(description=f"The {what} is not UTF-8: see byte {error.start + 1:,}.") from None
    if "\0" in text:
        raise falcon.HTTPBadRequest(description=f"The {what} is not text: it has bytes of value 0.")
    return text


def checked(text: str) -> str:
    """A text of acceptable length. Raises falcon.HTTPBadRequest, falcon.HTTPContentTooLarge."""
    if not text.strip():
        raise falcon.HTTPBadRequest(description="The draft is empty. Send its text.")
    if len(text) > MAX_CHARACTERS:
        raise falcon.HTTPContentTooLarge(
            description=f"The draft has {len(text):,} characters; the maximum is {MAX_CHARACTERS:,}. Send a part of it."
        )
    return text


def as_answer(found: Draft) -> article_values.Draft:
    """A checked draft, as the API answers with it."""
    return article_values.Draft(
        language=found.article.language,
        incomplete=found.incomplete,
        persons=[_known(one) for one in found.of("person")],
        countries=[_known(one) for one in found.of("country")],
        topics=[_known(one) for one in found.of("topic")],
        dates=[_known(one) for one in found.of("date")],
        earlier=[
            naming(
                article_values.Earlier,
                one.article,
                share=one.share,
                passages=[_passage(one.article, each) for each in one.passages],
            )
            for one in found.earlier
        ],
    )


def _passage(article: Article, shared: Shared) -> article_values.SharedPassage:
    start, end = shared.other_start, shared.other_end
    return article_values.SharedPassage(shared.words, shared.start, shared.end, article.text[start:end], (start, end))


def _known(one: Known) -> article_values.DraftValue:
    return made_of(
        article_values.DraftValue,
        one,
        first=None if one.first is None else naming(Brief, one.first),
        last=None if one.last is None else naming(Brief, one.last),
        did_you_mean=None if one.meant is None else article_values.Meant(one.meant.name, one.meant.count),
        evidence=[render.evidence(entry) for entry in one.evidence],
    )
