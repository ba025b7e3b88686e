"""The table of routes is that of the service."""

from __future__ import annotations

from service.archive import Archive
from service.server.app import routes
from service.settings import Settings
from tests.service.routes import PARTS, ROUTES


def test_every_route_is_in_the_table() -> None:
    verbs = ("GET", "POST", "PUT", "PATCH", "DELETE")
    served = {
        address: {verb for verb in verbs if hasattr(resource, f"on_{verb.lower()}")}
        for address, resource in routes(Archive("x"), Settings())
    }

    assert served == {route.address: {*route.methods} for route in ROUTES}, (
        "Add to TABLE in tests/service/routes.py a line for each route and method that only the service has, and take "
        "away what only the table has. Where a part of its address names an article, or what is said of one, see that "
        "it has a value in `addresses` of test_taken_down.py and desk/rights/test_rights.py, too."
    )


def test_every_part_of_a_route_has_a_value() -> None:
    missing = {part: route.address for route in ROUTES for part in route.parts if part not in PARTS}

    assert missing == {}, "Add to PARTS in tests/service/routes.py something that `Prepared` makes."
