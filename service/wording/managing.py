"""What administrators and senders of articles see of jobs, scopes and the audit log, in words."""

from __future__ import annotations

from collections.abc import Mapping

from service.wording.messages import mark

STATES: Mapping[str, str] = {
    "queued": mark("waits"),
    "running": mark("is being done"),
    "paused": mark("paused"),
    "done": mark("done"),
    "failed": mark("failed"),
    "undone": mark("undone"),
}
"""Of a job."""
KINDS: Mapping[str, str] = {
    "articles": mark("Add articles"),
    "delete": mark("Remove articles"),
    "correct": mark("Apply corrections"),
    "decide": mark("Apply a decision about a name"),
    "undo": mark("Undo a job"),
    "snapshot": mark("Make or check a snapshot"),
    "verify": mark("Check the index"),
    "enrich": mark("Renew the facts"),
    "upgrade": mark("Convert the index"),
}
"""Of a job."""
FLAGS: Mapping[str, str] = {
    "": mark("Remove"),
    "block": mark("Remove and block"),
    "block purge": mark("Remove, block and erase every byte"),
    "purge": mark("Remove and erase every byte"),
    "unblock": mark("Allow again"),
}
"""What a job that removes articles does with them, by its form."""
SCOPES: Mapping[str, str] = {
    "read": mark("read the archive"),
    "index": mark("add articles"),
    "edit": mark("correct articles, keep lists, searches and alerts"),
    "admin": mark("administer the index and see everything"),
}
"""What a key permits."""
DIDS: Mapping[str, str] = {
    "stored": mark("{things}: stored"),
    "removed": mark("{things}: removed"),
    "ran": mark("Command: {things}"),
}
THINGS: Mapping[str, str] = {
    "alerts": mark("Alerts"),
    "citations": mark("Citations"),
    "corrections": mark("Corrections"),
    "entries": mark("Articles on lists"),
    "jobs": mark("Jobs"),
    "keys": mark("Keys"),
    "lists": mark("Lists"),
    "members": mark("Members of groups"),
    "rights": mark("Rules"),
    "searches": mark("Saved searches"),
    "sessions": mark("Sessions"),
}
"""What the tables are about that the audit log tells of."""
VIAS: Mapping[str, str] = {
    "page": mark("on a page"),
    "api": mark("over the API"),
    "command": mark("by a command"),
    "service": mark("by the service"),
}
