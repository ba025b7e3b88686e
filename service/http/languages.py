"""The language of each page: that of the setting `DATELINE_LANGUAGE`, or what the browser prefers."""

from __future__ import annotations

from falcon import Request, Response

from service.wording.messages import AUTO, ENGLISH, preferred, use, words

_FOR_PROGRAMS = ("/api/", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics", "/static/")
"""What is for programs and about them speaks English."""


class Languages:
    """Sets the words of each request for a page (`words.current`).

    Args:
        language: one of the languages of the pages, or `auto`.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def process_request(self, req: Request, _resp: Response) -> None:
        """Falcon calls it before the resource is found."""
        if req.path.startswith(_FOR_PROGRAMS):
            use(ENGLISH)
        else:
            use(words(preferred(req.get_header("Accept-Language")) if self._language == AUTO else self._language))

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Falcon calls it when there is a response; the next request of this thread begins without words."""
        use(ENGLISH)
        if self._language == AUTO and not req.path.startswith(_FOR_PROGRAMS):
            resp.append_header("Vary", "Accept-Language")
