"""The labels that people have given to topics of the archive: each request may ask by them."""

from __future__ import annotations

from collections.abc import Mapping

from falcon import Request, Response

from search.names.vocabulary import begin_labels, end_labels
from service.archive import Archive


class GivenLabels:
    """Lets the parameters of each request have the labels of the archive's authority file.

    The archive is opened only if a label is not of the vocabulary.

    Args:
        archive: as the sender of each request sees it, so that a label of what is hidden from him is none.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def process_request(self, _req: Request, _resp: Response) -> None:
        """Falcon calls it before the resource is found."""
        begin_labels(self._labels)

    def process_response(self, _req: Request, _resp: Response, _resource: object, _succeeded: bool) -> None:
        """Falcon calls it when there is a response; the next request of this thread begins without labels."""
        end_labels()

    def _labels(self, kind: str) -> Mapping[str, str]:
        return self._archive.engine.authority().given_labels(kind)
