"""Citing a result: `/cite?q=…` offers it, `POST` makes the citation, and `/cite/{id}` shows the result then and now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from falcon import Request, Response

from desk.citations.citation import Citation
from search.values.query import Query
from service import params
from service.archive import Archive
from service.desk.citations.citing import MOST, NO_MATCH, Brief, Citing, Reopened
from service.formats import question, references
from service.formats.chart import day_in_words, in_words
from service.formats.reference_styles import Run
from service.html import form, view
from service.html.parts.chips import filters_in_words
from service.html.templates import html
from service.html.view import PageState
from service.http.session import of_editor
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.wording.messages import counted, gettext

SHOWN = 100
"""How many articles each list of the page shows; the JSON has all."""


@dataclass(frozen=True, slots=True)
class Row:
    """An article of a list: its id, its title and address if it can be shown, and a remark."""

    id: str
    title: str
    url: str | None
    remark: str


class CitePage(Resource):
    """`GET /cite`: what a citation of a result would contain; `POST /cite`: make it."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._citing = Citing(archive, settings)

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form."""
        query = _asked(req)
        engine, editor = self._archive.engine, of_editor(req)
        html(
            req,
            resp,
            "cite.html",
            site=self._settings.site_name,
            takes=view.NAMES,
            query=query,
            back=PageState(query, root=req.root_path).to(query),
            filters=filters_in_words(query, self._archive.engine.authority().names),
            order=query.order,
            total=engine.totals([query])[0],
            generation=engine.generation,
            most=self._citing.most(has_key=req.context.get("key") is not None),
            action=params.joined(question.pairs(query)),
            stores=editor is not None,
        )

    def on_post(self, req: Request, resp: Response) -> None:
        """Cite the result of the question in the address, and show the citation."""
        query = _asked(req)
        fields, editor = form.sent(req), of_editor(req)
        if editor is not None:
            form.check_session(req, fields)
        by = None if editor is None else editor.key.called
        citation = self._citing.make(query, by, has_key=req.context.get("key") is not None)
        form.onward(req, resp, f"/cite/{citation.id}")


class CitationPage(Resource):
    """`GET /cite/{citation_id}`: the cited result, then and now."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._citing = Citing(archive, settings)

    def on_get(self, req: Request, resp: Response, citation_id: str) -> None:
        """Show what came, went and changed."""
        found = self._citing.open(citation_id)
        query, root = found.query, req.root_path
        changes = found.changes
        asked = params.joined(question.pairs(query))
        filters = filters_in_words(query, self._archive.engine.authority().names)
        html(
            req,
            resp,
            "citation.html",
            site=self._settings.site_name,
            query=query,
            found=found,
            then=found.citation,
            made=in_words(found.citation.made),
            now=in_words(found.at),
            most=MOST,
            filters=filters,
            order=query.order,
            search=f"{root}/?{asked}".removesuffix("?"),
            export=f"{root}/api/export?{params.joined(_exported(query))}",
            api=f"{root}/api/citations/{found.citation.id}",
            lists=[] if changes is None else [
                ("came", gettext("Came"), _rows(found, (each.id for each in changes.came), root), len(changes.came)),
                (
                    "went",
                    gettext("Went"),
                    [_went(each.id, found.went, root) for each in changes.went[:SHOWN]],
                    len(changes.went),
                ),
                ("changed", gettext("Changed"), _changed(found, root), len(changes.changed)),
            ],
            citations=_citations(
                found.citation,
                _in_words(query, filters),
                self._settings.site_name,
                f"{self._settings.base(req.prefix)}/cite/{citation_id}",
            ),
        )  # fmt: skip


def _asked(req: Request) -> Query:
    """The question in an address; what else is in it, such as a page of the result, is ignored."""
    return question.within(params.split(req.query_string)) or Query()


def _exported(query: Query) -> list[tuple[str, str]]:
    return [*(pair for pair in question.pairs(query) if pair[0] != "sort"), ("format", "jsonl")]


def _rows(found: Reopened, ids: Iterable[str], root: str) -> list[Row]:
    rows = []
    for _, article_id in zip(range(SHOWN), ids, strict=False):
        brief = found.briefs[article_id]
        rows.append(Row(brief.id, brief.title, f"{root}/article/{brief.id}", _about(brief)))
    return rows


def _changed(found: Reopened, root: str) -> list[Row]:
    rows = []
    for then, now in (found.changes.changed if found.changes else ())[:SHOWN]:
        brief = found.briefs[now.id]
        versions = (
            gettext("version {before} then, {after} now").format(before=then.version, after=now.version)
            if None not in (then.version, now.version)
            else ""
        )
        remark = ", ".join(part for part in (_about(brief), versions) if part)
        rows.append(Row(brief.id, brief.title, f"{root}/article/{brief.id}", remark))
    return rows


def _went(article_id: str, why: Mapping[str, str], root: str) -> Row:
    said = why.get(article_id, "")
    return Row(article_id, article_id, f"{root}/article/{article_id}" if said == NO_MATCH else None, said)


def _about(brief: Brief) -> str:
    return " · ".join(part for part in (in_words(brief.published), brief.source) if part)


def _citations(one: Citation, found: str, site: str, address: str) -> list[tuple[str, Sequence[Run], bool]]:
    """The citation as a sentence and as BibTeX.

    Args:
        found: what was searched for, in words.
    """
    title = gettext("Result of a search for {words}").format(words=found)
    generation = gettext("generation {number}").format(number=one.generation)
    what = f"{counted('{count} article', '{count} articles', one.total)}, {generation}"
    day = day_in_words(one.made)
    sentence = f"{title}. {site}, {what}, {day}. {one.hash}. {address}"
    bib = references.dataset(one.id, title, site, address, one.made[:10], f"{what}, {one.hash}")
    return [(gettext("Text"), [Run(sentence)], False), ("BibTeX", [Run(bib.strip())], True)]


def _in_words(query: Query, filters: Sequence[str]) -> str:
    """A question in words: `“oil” (Country: France; not Topic: sport)`."""
    words = " ".join(query.text.split())
    text = gettext("“{words}”").format(words=words) if words else gettext("all articles")
    return f"{text} ({'; '.join(filters)})" if filters else text
