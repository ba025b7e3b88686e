"""`GET /api/concordance`: the occurrences of a query's words with their context, as JSON or CSV."""

from __future__ import annotations

from dataclasses import replace

from falcon import Request, Response

from search.analyses.concordance import concordance
from service import params
from service.formats import render, takeaway
from service.params.operation import operation
from service.resource import Resource
from service.values import result_values


class ConcordanceResource(Resource):
    """`GET /api/concordance`: every occurrence of a query's words."""

    @operation(
        "concordance",
        "Every occurrence of the words of a query, with what stands before and after it",
        result_values.Concordance,
        parameters=params.concordance.PARAMETERS,
    )
    def on_get(self, req: Request, resp: Response) -> None:
        request, engine = params.concordance.read(params.split(req.query_string)), self._archive.engine
        found, origin = takeaway.stated(
            engine, takeaway.given(req), lambda: concordance(engine, request.query, request.window)
        )
        if request.format == "csv":
            takeaway.give(req, resp, "csv", "concordance", takeaway.table(takeaway.concordance(found), origin))
            return
        following = None
        if found.cursor is not None:
            asked = replace(request, window=replace(request.window, cursor=found.cursor))
            following = f"{req.root_path}/api/concordance?{params.joined(params.concordance.write(asked))}"
            resp.append_link(following, "next")
        resp.media = render.concordance(found, following)
