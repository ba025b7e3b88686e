"""The description of the API, as it is served."""

from __future__ import annotations

from search.system.json import Json
from service.api.resources import OpenApiResource
from service.archive import Archive
from service.server.app import routes
from service.settings import Settings


def description() -> Json:
    """The document at `/openapi.json`."""
    (resource,) = (each for _, each in routes(Archive("x"), Settings()) if isinstance(each, OpenApiResource))
    return resource.document
