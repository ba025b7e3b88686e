"""Client of a Dateline service.

    with Client("http://127.0.0.1:8080", key=None) as client:
        client.search("berlin wall", country="DE")

`Client` waits for answers, `AsyncClient` is awaited; both are made of the same `calls`. Answers are dictionaries, typed
in `values`.
"""

from dateline_client.asynchronous import AsyncClient
from dateline_client.errors import BadRequest, Busy, DatelineError, NotAllowed, NotFound, Refused, Unreachable
from dateline_client.synchronous import Client

__all__ = [
    "AsyncClient",
    "BadRequest",
    "Busy",
    "Client",
    "DatelineError",
    "NotAllowed",
    "NotFound",
    "Refused",
    "Unreachable",
]
__version__ = "0.2.0"
