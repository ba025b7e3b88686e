"""`Client`: waits for each answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import httpx

from dateline_client import calls, errors, values

if TYPE_CHECKING:
    import pandas


class Client:
    """A Dateline service. Can be shared between threads. A context manager, which closes its connections.

    Args:
        url: its address, `http://127.0.0.1:8080`, or a path below which it is mounted.
        key: an API key.
        retries: how often a request is sent again that a busy server refuses.
        transport: of httpx, in place of the network.

    Raises:
        DatelineError: from every call that is refused; see `errors`.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        timeout_s: float = calls.DEFAULT_TIMEOUT_S,
        retries: int = calls.RETRIES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._retries = retries
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout_s, transport=transport)

    def search(self, q: str = "", **parameters: Any) -> values.Results:
        """A page of hits, with facets; parameters as in the API."""
        return cast(values.Results, self._json(calls.search(q, parameters)))

    def iterate(self, q: str = "", **parameters: Any) -> Iterator[values.Hit]:
        """All hits, page by page, of one state of the archive."""
        call: calls.Call | None = calls.search(q, {"size": 100, "facets": "", **parameters})
        while call is not None:
            page = self._json(call)
            yield from page["hits"]
            call = calls.following(page)

    def frame(self, q: str = "", **parameters: Any) -> pandas.DataFrame:
        """All hits as a table, a row each, without passages. Needs pandas."""
        import pandas

        return pandas.DataFrame([calls.row(hit) for hit in self.iterate(q, snippets=False, **parameters)])

    def article(self, article_id: str) -> values.Article:
        """An article with its text, and the evidence for its values."""
        return cast(values.Article, self._json(calls.get(calls.named("articles", article_id))))

    def similar(self, article_id: str, **parameters: Any) -> values.Results:
        """Articles like one."""
        return cast(values.Results, self._json(calls.get(calls.named("articles", article_id, "similar"), parameters)))

    def facet(self, field: str, q: str = "", **parameters: Any) -> values.Facet:
        """The values of a facet, or for `date` the histogram."""
        return cast(values.Facet, self._json(calls.get(calls.named("facets", field), {"q": q or None, **parameters})))

    def suggest(self, q: str, **parameters: Any) -> values.Suggestions:
        """Completions of a name."""
        return cast(values.Suggestions, self._json(calls.get("/api/suggest", {"q": q, **parameters})))

    def trend(self, q: str = "", **parameters: Any) -> values.Trend:
        """What share of the articles matches, by time."""
        return cast(values.Trend, self._json(calls.get("/api/trend", {"q": q or None, **parameters})))

    def count(self, q: str = "", by: Sequence[str] = (), **parameters: Any) -> values.CrossTable:
        """A cross table by one or two dimensions."""
        given = {"q": q or None, "by": by or None, **parameters}
        return cast(values.CrossTable, self._json(calls.get("/api/count", given)))

    def compare(self, queries: Sequence[str], **parameters: Any) -> values.Comparison:
        """Up to five queries side by side."""
        return cast(values.Comparison, self._json(calls.get("/api/compare", {"q": queries, **parameters})))

    def special(self, q: str = "", **parameters: Any) -> values.Special:
        """The words or values that are more frequent in a result than elsewhere."""
        return cast(values.Special, self._json(calls.get("/api/special", {"q": q or None, **parameters})))

    def pairs(self, q: str = "", **parameters: Any) -> values.Pairs:
        """The values that appear in the same articles."""
        return cast(values.Pairs, self._json(calls.get("/api/pairs", {"q": q or None, **parameters})))

    def concordance(self, q: str, **parameters: Any) -> Iterator[values.Row]:
        """Every occurrence of words, with its context."""
        call: calls.Call | None = calls.get("/api/concordance", {"q": q, "limit": 1000, **parameters})
        while call is not None:
            page = self._json(call)
            yield from page["rows"]
            call = calls.following(page)

    def batch(self, lines: Iterable[str], poll_s: float = 1.0, **parameters: Any) -> Iterator[values.Answer]:
        """For each name (`as_="name"`) or question how many articles it finds, the first and the last."""
        address = self._json(calls.batch(lines, parameters))["links"]["self"]
        while (state := self._json(calls.get(address)))["state"] not in ("done", "failed"):
            time.sleep(poll_s)
        if state["state"] == "failed":
            raise errors.Refused(state["problem"])
        call: calls.Call | None = calls.get(address, {"limit": 1000})
        while call is not None:
            page = self._json(call)
            yield from page["rows"]
            call = calls.following(page)

    def upload(
        self, articles: Iterable[calls.Article], collection: str | None = None, wait: bool = True, poll_s: float = 1.0
    ) -> list[values.Job]:
        """Send articles to be indexed, a thousand in a request; the jobs, when they have ended if they are waited for.

        When it returns, all are on the server's disk.
        """
        sent = [self._json(call)["links"]["self"] for call in calls.sendings(articles, collection)]
        jobs = []
        for address in sent:
            while (job := self._json(calls.get(address)))["state"] not in ("done", "failed", "undone") and wait:
                time.sleep(poll_s)
            jobs.append(cast(values.Job, job))
        return jobs

    def remove(self, article_id: str, **parameters: Any) -> values.Accepted:
        """Remove an article; `block=True`, `purge=True`."""
        call = calls.Call("DELETE", calls.named("articles", article_id), calls.parameters(parameters))
        return cast(values.Accepted, self._json(call))

    def lists(self) -> values.Lists:
        """The lists of the archive."""
        return cast(values.Lists, self._json(calls.get("/api/lists")))

    def make_list(self, name: str, articles: Sequence[str] = (), **more: Any) -> values.List:
        """Make a list; `query` puts all articles on it that a search finds."""
        body = {"name": name, "articles": list(articles), **more}
        return cast(values.List, self._json(calls.Call("POST", "/api/lists", body=body)))

    def put_on_list(self, name: str, articles: Sequence[str]) -> values.List:
        """Put articles on a list."""
        body = {"articles": list(articles)}
        return cast(values.List, self._json(calls.Call("POST", calls.named("lists", name), body=body)))

    def alerts(self) -> values.Alerts:
        """The alerts of the archive."""
        return cast(values.Alerts, self._json(calls.get("/api/alerts")))

    def make_alert(self, **alert: Any) -> values.Alert:
        """Make an alert: `name`, `query`, `channel` and what else the API takes."""
        return cast(values.Alert, self._json(calls.Call("POST", "/api/alerts", body=alert)))

    def ask(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """Any other operation of the API: its JSON."""
        return self._json(calls.Call(method, path, calls.parameters(parameters), body))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _json(self, call: calls.Call) -> Any:
        for attempt in range(1, self._retries + 2):
            try:
                answer = self._http.send(call.request(self._http))
            except httpx.HTTPError as error:
                raise errors.Unreachable(f"{self._http.base_url} does not answer: {error}") from error
            if answer.is_success:
                return answer.json() if answer.content else None
            wait = calls.wait_s(answer, attempt)
            if wait is None or attempt > self._retries:
                break
            time.sleep(wait)
        raise errors.of(answer)
