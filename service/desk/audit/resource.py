"""`/api/audit`: who has changed what, and when."""

from __future__ import annotations

from falcon import Request, Response

from desk.audit.store import entries
from search.errors import BadQuery, BadValue
from service import params
from service.desk.audit.lines import FORMATS, MEDIA_TYPES, Wanted
from service.params.operation import operation
from service.params.parameter import Parameter, checked, decoded, made
from service.resource import Resource

SINCE = Parameter(
    "since", "string", "Only entries from this day or time on, in UTC.", Wanted, "since", example="2026-11-30"
)
FORMAT = Parameter("format", "string", "Format of the entries.", Wanted, "format", choices=tuple(FORMATS))
TAKEN = (SINCE, FORMAT)


class AuditResource(Resource):
    """`GET /api/audit`, for administrators."""

    @operation(
        "audit",
        "Who has changed what, and when: the audit log, oldest first",
        tuple(MEDIA_TYPES.values()),
        "Entries: `at`, `by`, `via` (page, api, command or service), `did` (stored, removed or ran), `what`, `count`, "
        "and in `which` what identifies the first hundred things",
        parameters=TAKEN,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        """Send the entries."""
        _ = self._archive.engine  # there is an index
        errors: list[BadValue] = []
        given = decoded(params.split(req.query_string), TAKEN, errors)
        wanted = checked(Wanted, errors, made(given, TAKEN, Wanted))
        if errors:
            raise BadQuery(errors)
        resp.content_type = MEDIA_TYPES[wanted.format]
        resp.downloadable_as = f"audit.{wanted.format}"
        resp.set_header("Cache-Control", "no-store")
        resp.stream = FORMATS[wanted.format](entries(self._archive.place, wanted.since)) if req.method == "GET" else ()
        req.context.streamed = True
