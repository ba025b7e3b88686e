"""What answers at an address, of the API or a page; each is made of the archive, the settings and the spool."""

from __future__ import annotations

from service.archive import Archive
from service.settings import Settings
from service.spool import Spool


class Resource:
    """What resources and pages have in common; `HEAD` is answered like `GET`, whose body the server omits."""

    def __init_subclass__(cls) -> None:
        if "on_get" in vars(cls):
            cls.on_head = vars(cls)["on_get"]  # type: ignore[attr-defined]

    def __init__(self, archive: Archive, settings: Settings, spool: Spool) -> None:
        self._archive = archive
        self._settings = settings
        self._spool = spool
