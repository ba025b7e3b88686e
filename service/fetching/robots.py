"""What sites allow: `robots.txt` (RFC 9309). One that cannot be read for now allows nothing; none allows all."""

from __future__ import annotations

import time
from urllib.robotparser import RobotFileParser

from service.fetching.web import NotFetched, Web, origin

NAME = "dateline"
"""What a site calls this program in its rules."""
MOST_BYTES = 512 * 1024
LONGEST_PAUSE_S = 60.0


class Robots:
    """The rules of sites, each read once.

    Args:
        pause_s: the time between two requests to one site, unless it asks for more.
    """

    def __init__(self, web: Web, pause_s: float) -> None:
        self._web = web
        self._pause_s = pause_s
        self._rules: dict[str, RobotFileParser] = {}
        self._asked: dict[str, float] = {}

    def wait(self, address: str) -> None:
        """Wait until a site may be asked for an address. Raises NotFetched if it does not allow that."""
        site = origin(address)
        rules = self._rules_of(site)
        if not rules.can_fetch(NAME, address):
            raise NotFetched(f"The robots.txt of {site} does not allow {address}.")
        pause = min(max(self._pause_s, float(rules.crawl_delay(NAME) or 0)), LONGEST_PAUSE_S)
        left = self._asked.get(site, 0.0) + pause - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._asked[site] = time.monotonic()

    def _rules_of(self, site: str) -> RobotFileParser:
        if site not in self._rules:
            rules = RobotFileParser()
            rules.modified()
            answer = self._web.get(f"{site}/robots.txt", most_bytes=MOST_BYTES)
            if answer.status >= 500 or answer.status == 429:
                raise NotFetched(f"{site}/robots.txt answered {answer.status}, so nothing is asked for now.")
            rules.parse(answer.body.decode("utf-8", "replace").splitlines() if answer.status == 200 else [])
            self._rules[site] = rules
            self._asked[site] = time.monotonic()
        return self._rules[site]
