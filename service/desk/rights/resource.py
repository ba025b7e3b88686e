"""`/api/rights`: the rules about who may see which articles; `/api/me`: who asks."""

from __future__ import annotations

from falcon import Request, Response

from desk.rights import rule
from desk.rights.rule import Rule
from desk.rights.store import Rights as Store
from search.text import dates
from service.archive import Archive
from service.desk.rights.sentences import idle
from service.http.posted_body import sent_object
from service.params.operation import operation
from service.resource import Resource
from service.values import rights_values

MAX_BYTES = 1024 * 1024
_EXAMPLE = {
    "rules": [
        {"who": "group:desk", "what": {"collection": ["wire"]}, "tier": "export"},
        {"who": "everyone", "what": {"collection": ["wire"]}, "tier": "metadata"},
    ]
}


class RightsResource(Resource):
    """`GET` and `PUT /api/rights`, for administrators."""

    @operation("rights", "Who may see which articles", rights_values.Rights, "The rules, in their order")
    def on_get(self, req: Request, resp: Response) -> None:
        """List the rules."""
        resp.media = _as_value(rules_of(self._archive))

    @operation(
        "setRights",
        "Replace the rules about who may see which articles",
        rights_values.InForce,
        "They are in force",
        body=rights_values.Rights,
        example=_EXAMPLE,
        refuses={400: "A rule is not valid; none has changed"},
    )
    def on_put(self, req: Request, resp: Response) -> None:
        """Replace all rules."""
        rules = rule.read(sent_object(req, ("rules",), MAX_BYTES).get("rules"))
        replace_rules(self._archive, rules, req.context.reader.name)
        resp.media = _as_value(rules) | {"warnings": list(idle(self._archive.engine, rules).values())}


class MeResource(Resource):
    """`GET /api/me`."""

    @operation("me", "Who asks, and what he may do", rights_values.Me, "The name, the groups and the scopes")
    def on_get(self, req: Request, resp: Response) -> None:
        """Say who asks."""
        reader, key = req.context.reader, req.context.key
        resp.set_header("Cache-Control", "no-store")
        scopes = key.scopes if key is not None else ("read",) if reader.is_known else ()
        resp.media = rights_values.Me(reader.name, sorted(reader.groups), scopes)


def rules_of(archive: Archive) -> tuple[Rule, ...]:
    """The rules of an index."""
    _ = archive.engine  # there is an index
    if not Store.is_in(archive.place):
        return ()
    with Store(archive.place) as rights:
        return rights.listed()


def replace_rules(archive: Archive, rules: tuple[Rule, ...], by: str) -> None:
    """Put other rules in force."""
    _ = archive.engine
    with Store(archive.place) as rights:
        rights.set(rules, by, dates.now())


def _as_value(rules: tuple[Rule, ...]) -> dict[str, object]:
    return {"rules": [one.as_json() for one in rules]}
