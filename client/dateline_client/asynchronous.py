"""`AsyncClient`, from `Client` by `python -m tests.derived`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import httpx

from dateline_client import calls, errors, values

if TYPE_CHECKING:
    import pandas


class AsyncClient:
    """A Dateline service. Its methods are awaited. A context manager, which closes its connections.

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
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._retries = retries
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout_s, transport=transport)

    async def search(self, q: str = "", **parameters: Any) -> values.Results:
        """A page of hits, with facets; parameters as in the API."""
        return cast(values.Results, (await self._json(calls.search(q, parameters))))

    async def iterate(self, q: str = "", **parameters: Any) -> AsyncIterator[values.Hit]:
        """All hits, page by page, of one state of the archive."""
        call: calls.Call | None = calls.search(q, {"size": 100, "facets": "", **parameters})
        while call is not None:
            page = await self._json(call)
            for one in page["hits"]:
                yield one
            call = calls.following(page)

    async def frame(self, q: str = "", **parameters: Any) -> pandas.DataFrame:
        """All hits as a table, a row each, without passages. Needs pandas."""
        import pandas

        return pandas.DataFrame([calls.row(hit) async for hit in self.iterate(q, snippets=False, **parameters)])

    async def article(self, article_id: str) -> values.Article:
        """An article with its text, and the evidence for its values."""
        return cast(values.Article, (await self._json(calls.get(calls.named("articles", article_id)))))

    async def similar(self, article_id: str, **parameters: Any) -> values.Results:
        """Articles like one."""
        return cast(
            values.Results, (await self._json(calls.get(calls.named("articles", article_id, "similar"), parameters)))
        )

    async def facet(self, field: str, q: str = "", **parameters: Any) -> values.Facet:
        """The values of a facet, or for `date` the histogram."""
        return cast(
            values.Facet, (await self._json(calls.get(calls.named("facets", field), {"q": q or None, **parameters})))
        )

    async def suggest(self, q: str, **parameters: Any) -> values.Suggestions:
        """Completions of a name."""
        return cast(values.Suggestions, (await self._json(calls.get("/api/suggest", {"q": q, **parameters}))))

    async def trend(self, q: str = "", **parameters: Any) -> values.Trend:
        """What share of the articles matches, by time."""
        return cast(values.Trend, (await self._json(calls.get("/api/trend", {"q": q or None, **parameters}))))

    async def count(self, q: str = "", by: Sequence[str] = (), **parameters: Any) -> values.CrossTable:
        """A cross table by one or two dimensions."""
        given = {"q": q or None, "by": by or None, **parameters}
        return cast(values.CrossTable, (await self._json(calls.get("/api/count", given))))

    async def compare(self, queries: Sequence[str], **parameters: Any) -> values.Comparison:
        """Up to five queries side by side."""
        return cast(values.Comparison, (await self._json(calls.get("/api/compare", {"q": queries, **parameters}))))

    async def special(self, q: str = "", **parameters: Any) -> values.Special:
        """The words or values that are more frequent in a result than elsewhere."""
        return cast(values.Special, (await self._json(calls.get("/api/special", {"q": q or None, **parameters}))))

    async def pairs(self, q: str = "", **parameters: Any) -> values.Pairs:
        """The values that appear in the same articles."""
        return cast(values.Pairs, (await self._json(calls.get("/api/pairs", {"q": q or None, **parameters}))))

    async def concordance(self, q: str, **parameters: Any) -> AsyncIterator[values.Row]:
        """Every occurrence of words, with its context."""
        call: calls.Call | None = calls.get("/api/concordance", {"q": q, "limit": 1000, **parameters})
        while call is not None:
            page = await self._json(call)
            for one in page["rows"]:
                yield one
            call = calls.following(page)

    async def batch(self, lines: Iterable[str], poll_s: float = 1.0, **parameters: Any) -> AsyncIterator[values.Answer]:
        """For each name (`as_="name"`) or question how many articles it finds, the first and the last."""
        address = (await self._json(calls.batch(lines, parameters)))["links"]["self"]
        while (state := (await self._json(calls.get(address))))["state"] not in ("done", "failed"):
            await asyncio.sleep(poll_s)
        if state["state"] == "failed":
            raise errors.Refused(state["problem"])
        call: calls.Call | None = calls.get(address, {"limit": 1000})
        while call is not None:
            page = await self._json(call)
            for one in page["rows"]:
                yield one
            call = calls.following(page)

    async def upload(
        self, articles: Iterable[calls.Article], collection: str | None = None, wait: bool = True, poll_s: float = 1.0
    ) -> list[values.Job]:
        """Send articles to be indexed, a thousand in a request; the jobs, when they have ended if they are waited for.

        When it returns, all are on the server's disk.
        """
        sent = [(await self._json(call))["links"]["self"] for call in calls.sendings(articles, collection)]
        jobs = []
        for address in sent:
            while (job := (await self._json(calls.get(address))))["state"] not in ("done", "failed", "undone") and wait:
                await asyncio.sleep(poll_s)
            jobs.append(cast(values.Job, job))
        return jobs

    async def remove(self, article_id: str, **parameters: Any) -> values.Accepted:
        """Remove an article; `block=True`, `purge=True`."""
        call = calls.Call("DELETE", calls.named("articles", article_id), calls.parameters(parameters))
        return cast(values.Accepted, (await self._json(call)))

    async def lists(self) -> values.Lists:
        """The lists of the archive."""
        return cast(values.Lists, (await self._json(calls.get("/api/lists"))))

    async def make_list(self, name: str, articles: Sequence[str] = (), **more: Any) -> values.List:
        """Make a list; `query` puts all articles on it that a search finds."""
        body = {"name": name, "articles": list(articles), **more}
        return cast(values.List, (await self._json(calls.Call("POST", "/api/lists", body=body))))

    async def put_on_list(self, name: str, articles: Sequence[str]) -> values.List:
        """Put articles on a list."""
        body = {"articles": list(articles)}
        return cast(values.List, (await self._json(calls.Call("POST", calls.named("lists", name), body=body))))

    async def alerts(self) -> values.Alerts:
        """The alerts of the archive."""
        return cast(values.Alerts, (await self._json(calls.get("/api/alerts"))))

    async def make_alert(self, **alert: Any) -> values.Alert:
        """Make an alert: `name`, `query`, `channel` and what else the API takes."""
        return cast(values.Alert, (await self._json(calls.Call("POST", "/api/alerts", body=alert))))

    async def ask(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """Any other operation of the API: its JSON."""
        return await self._json(calls.Call(method, path, calls.parameters(parameters), body))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def _json(self, call: calls.Call) -> Any:
        for attempt in range(1, self._retries + 2):
            try:
                answer = await self._http.send(call.request(self._http))
            except httpx.HTTPError as error:
                raise errors.Unreachable(f"{self._http.base_url} does not answer: {error}") from error
            if answer.is_success:
                return answer.json() if answer.content else None
            wait = calls.wait_s(answer, attempt)
            if wait is None or attempt > self._retries:
                break
            await asyncio.sleep(wait)
        raise errors.of(answer)
