"""`/api/corrections`: what people have corrected. A correction is on disk when it is accepted; a job applies it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import islice

import falcon
from falcon import Request, Response

from desk.corrections.as_shown import Subject, found_by
from desk.corrections.correction import SET, Correction, checked
from desk.corrections.store import CorrectionMissing, Store, check_set
from search.errors import BadQuery, BadValue
from search.system.json import Json
from search.text import dates
from search.text.numbers import whole_number
from service import params
from service.archive import Archive
from service.formats import question
from service.http.posted_body import sent_json
from service.http.session import who
from service.jobs import JobRequest
from service.params.operation import operation
from service.resource import Resource
from service.settings import Settings
from service.spool import Spool
from service.values import correction_values
from service.values.correction_values import MOST_CORRECTIONS
from service.values.job_values import JobLinks
from service.values.shared_values import EXAMPLE, Following, made_of

MAX_BYTES = 1 << 20
TAKEN = (params.part.OF_ARTICLE, *params.part.PARAMETERS)
"""The parameters of the list of corrections."""
_AT_ONCE = 1_000
"""Corrections that are read from the store at a time."""
_FIELDS = correction_values.SentCorrection.__struct_fields__


class CorrectionsResource(Resource):
    """`GET` and `POST /api/corrections`: list the corrections, and make some."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._correcting = Correcting(archive, spool, settings.spool_bytes)

    @operation(
        "corrections",
        "What people have corrected, undone corrections too, in the order of their numbers",
        correction_values.Corrections,
        "Corrections",
        parameters=TAKEN,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        part = params.part.read(params.split(req.query_string), TAKEN)
        listed = list(islice(_shown(self._archive, part.article, part.after), part.limit + 1))
        found, rest = listed[: part.limit], listed[part.limit :]
        more = params.part.write(replace(part, after=found[-1].number), TAKEN) if rest else None
        resp.media = correction_values.Corrections(
            [made_of(correction_values.Correction, each) for each in found],
            Following(f"{req.root_path}/api/corrections?{params.joined(more)}" if more else None),
        )
        resp.set_header("Cache-Control", "no-store")

    @operation(
        "correct",
        "Correct facts of articles, all or none of them",
        correction_values.Corrected,
        "They are on disk and will be applied",
        status=202,
        gives={"Location": "The job"},
        body=correction_values.SentCorrection | correction_values.SentCorrections,
        example={"article": EXAMPLE["id"], "field": "person", "action": "remove", "value": "Brandenburg Gate"},
        refuses={404: "No article has the id", 409: "A title or date is not that which it was to be before"},
    )
    def on_post(self, req: Request, resp: Response) -> None:
        rows, several = _sent(req)
        self._correcting.accept(req, resp, self._correcting.make(rows, who(req), several))


class CorrectionResource(Resource):
    """`DELETE /api/corrections/{number}`: undo a correction."""

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        super().__init__(archive, settings, spool)
        self._correcting = Correcting(archive, spool, settings.spool_bytes)

    @operation(
        "undo",
        "Undo a correction: the fact is again as it was found",
        correction_values.Corrected,
        "It is undone, and the article will be",
        status=202,
        gives={"Location": "The job"},
        refuses={404: "No correction in force has the number"},
    )
    def on_delete(self, req: Request, resp: Response, number: str) -> None:
        wanted = whole_number(number)
        known = next(_shown(self._archive, after=wanted - 1), None) if wanted is not None else None
        if known is None or known.number != wanted:
            raise _missing(number)
        with Store(self._archive.place) as store:
            try:
                undone = store.undo(known.number, who(req), dates.now())
            except CorrectionMissing:
                raise _missing(number) from None
        self._correcting.accept(req, resp, [undone])


def _shown(archive: Archive, article: str | None = None, after: int = 0) -> Iterator[Correction]:
    """The corrections with a number greater than `after`, in their order, of articles that may be spoken of."""
    _ = archive.engine  # there is an index
    if not Store.is_in(archive.place):
        return
    with Store(archive.place) as store:
        while some := store.listed(article, after, _AT_ONCE):
            shown = archive.shown({each.article for each in some})
            yield from (each for each in some if each.article in shown)
            after = some[-1].number


class Correcting:
    """Stores corrections of an archive, and puts the jobs that apply them."""

    def __init__(self, archive: Archive, spool: Spool, most_waiting: int) -> None:
        self._archive = archive
        self._spool = spool
        self._most_waiting = most_waiting

    def make(self, rows: Iterable[Json], by: str, several: bool = False) -> list[Correction]:
        """Store the corrections of some JSON values.

        Args:
            several: name what is wrong with its place: `corrections[3].value`, from 0.

        Raises:
            BadQuery: if one is not valid; none is stored then.
            ArticleMissing: if an article is not in the index.
            ChangedMeanwhile: if a title or date is not that which it was to be `before`; none is stored then.
        """
        _ = self._archive.engine  # there is an index
        with Store(self._archive.place) as store:
            made = self._checked(store, rows, by, several)
            return store.add([one for one, _ in made], [before for _, before in made])

    def _checked(
        self, store: Store, rows: Iterable[Json], by: str, several: bool
    ) -> list[tuple[Correction, str | None]]:
        """The corrections, and what each is to replace if that was said."""
        asked: list[tuple[int, Correction, str | None]] = []
        of = defaultdict[str, list[Correction]](list)
        problems: dict[int, list[BadValue]] = {}
        at = dates.exactly()
        searched: dict[str, list[str]] = {}

        def refuse(number: int, problem: BadQuery) -> None:
            where = f"corrections[{number}]." if several else ""
            problems[number] = [replace(each, name=where + each.name) for each in problem.errors]

        for number, row in enumerate(rows):
            strange = [name for name in row if name not in _FIELDS]
            other = [name for name in _FIELDS if not isinstance(row.get(name, ""), str)]
            if strange or other:
                reason = f"No field “{strange[0][:80]}”." if strange else f"A field is not text: “{other[0]}”."
                place = f"corrections[{number}]" if several else "corrections"
                problems[number] = [BadValue(place, "", reason, f"There are: {', '.join(_FIELDS)}, all text.")]
                continue
            field, action, value, note = (row.get(name, "") for name in ("field", "action", "value", "note"))
            try:
                for article in self._articles(row, searched):
                    one = checked(article, field, action, value, by, at, note)
                    asked.append((number, one, row.get("before")))
                    of[article].append(one)
            except BadQuery as problem:
                refuse(number, problem)

        subjects: dict[str, Subject] = {}
        made: list[tuple[Correction, str | None]] = []
        for number, one, before in asked:
            if number in problems:
                continue
            if one.article not in subjects:
                subjects[one.article] = Subject(
                    self._archive.engine, one.article, store.of(one.article), of[one.article]
                )
            subject = subjects[one.article]
            if one.field in SET and before is not None:
                check_set(one, before, subject.stated[one.field])
            try:
                made.append((subject.take(one), before))
            except BadQuery as problem:
                refuse(number, problem)
        if problems:
            raise BadQuery([each for _, errors in sorted(problems.items()) for each in errors])
        return made

    def _articles(self, row: Json, searched: dict[str, list[str]]) -> list[str]:
        """The ids that a row is about: its article, or those that its query finds, which it remembers."""
        asked = row.get("query")
        if asked is None:
            return [row.get("article", "")]
        if "article" in row:
            hint = "Give the parameters of a search, or an article."
            raise BadQuery([BadValue("query", asked[:80], "There is an article, too.", hint)])
        if asked not in searched:
            searched[asked] = found_by(self._archive.engine, question.given(asked))
        return searched[asked]

    def tell_apart(self, req: Request, fields: Mapping[str, str]) -> str:
        """Give the articles of a search another person in place of the one of the same name. Returns the id of the job.

        Args:
            fields: the `name` that both have, what the `other` is called, the `question` for the articles, as
                parameters of a search or the address of its page; persons it includes are not asked for.
        """
        name, asked = fields.get("name", ""), question.given(fields.get("question", ""))
        of_name = replace(asked.filter("person"), any=(name,), missing=False)
        found = question.written(replace(asked, filters={**asked.filters, "person": of_name}), date.today())
        rows = [{"action": "remove", "value": name}, {"action": "add", "value": fields.get("other", "")}]
        return self.put(self.make([{"query": found, "field": "person", **row} for row in rows], who(req)), req)

    def accept(self, req: Request, resp: Response, corrections: list[Correction]) -> None:
        """Put the job that applies some corrections, and answer with it."""
        job = self.put(corrections, req)
        link = f"{req.root_path}/api/jobs/{job}"
        resp.status = falcon.HTTP_202
        values = [made_of(correction_values.Correction, each) for each in corrections]
        resp.media = correction_values.Corrected(values, job, JobLinks(link))
        resp.location = link

    def put(self, corrections: Iterable[Correction], req: Request) -> str:
        """Put the job that applies some corrections, made or undone. Returns its id.

        If it is refused, they are applied all the same, a little later; a request that is sent again changes nothing.
        """
        target = " ".join(dict.fromkeys(each.article for each in corrections))
        key = req.context.key
        digest = sha256(f"correct\0{target}".encode()).hexdigest()
        request = JobRequest("correct", key.id if key is not None else "", digest, target=target)
        return self._spool.put(self._spool.new_id(), request, 0, self._most_waiting).id


def _missing(number: str) -> falcon.HTTPNotFound:
    return falcon.HTTPNotFound(
        description=f"No correction “{number[:20]}” is in force. GET /api/corrections lists them all."
    )


def _sent(req: Request) -> tuple[list[Json], bool]:
    """The corrections of a request, and True if they are a list: under `corrections`, or by itself."""
    value = sent_json(req, MAX_BYTES)
    rows = value.get("corrections", [value]) if isinstance(value, dict) else value
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise falcon.HTTPBadRequest(
            description='Send an object: {"article": "…", "field": "person", "action": "remove", "value": "…"}, '
            'or several: {"corrections": [{…}, {…}]}.'
        )
    if len(rows) > MOST_CORRECTIONS:
        raise falcon.HTTPContentTooLarge(
            description=f"There are {len(rows):,} corrections; send at most {MOST_CORRECTIONS:,}."
        )
    return rows, not isinstance(value, dict) or "corrections" in value
