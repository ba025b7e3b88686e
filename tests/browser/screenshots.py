"""Pictures of the main views over `seeds/`, as Chromium shows them: for the README, and to look at.

python -m tests.browser.screenshots [--out docs/images]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page

import search
from desk.alerts.alert import Alert
from desk.alerts.store import Alerts
from desk.people import keys
from desk.rights import rule
from desk.rights.store import KEY, USER, Rights
from search.system.acting import Actor, acting
from service.archive import Archive
from service.desk.alerts.looking import begin, look
from tests.browser.running import chromium
from tests.service.serving import hosted

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class View:
    """A picture: its name, the address it is of, and the window it is taken in."""

    name: str
    path: str
    width: int = 1200
    height: int = 820
    scheme: str = "light"
    typed: str = ""
    pasted: str = ""


DRAFT = (
    "President Richard Nixon spoke in Germany of the days when John F. Kenedy was president. Soon after midnight "
    "police and armed men of the factory militia began to tear up paving and unroll barbed wire, he recalled, and East "
    "Berliners who worked in the west of the city were turned back."
)
RULES = [
    {"who": "group:desk", "what": {}, "tier": "export"},
    {"who": "everyone", "what": {"language": ["German", "French"], "from": "1990"}, "tier": "none"},
    {"who": "group:readers", "what": {"to": "1960"}, "tier": "text"},
    {"who": "everyone", "what": {"to": "1960"}, "tier": "metadata"},
]
VIEWS = (
    View("search", "/?q=soviet&country=US&country=GB&topic.not=sport&from=1957&to=1991"),
    View("article", "/article/1961-08-berlin-wall?q=berlin&mark=person&mark=country", width=1280),
    View("front", "/"),
    View("completions", "/?country=US", typed="jo"),
    View("share", "/?q=president&scale=archive&interval=decade"),
    View("map", "/?view=map&q=president", height=960),
    View("people", "/?view=people&q=president+OR+minister", height=960),
    View("special", "/?view=special&q=soviet", height=1100),
    View("over-time", "/?view=over-time&q=soviet+OR+president&interval=year", height=960),
    View("compare", "/compare?q=soviet&q=president&q=moon+OR+space&interval=year&from=1945", height=1250),
    View("entity", "/entity/person/Richard%20Nixon", height=1000),
    View("draft", "/draft", height=1180, pasted=DRAFT),
    View("empty", "/?q=berlin+zebrafish&country=DE"),
    View("dark", "/?q=moon", scheme="dark"),
    View("phone", "/?q=berlin", width=360, height=740),
)


def main() -> None:
    """Index, serve, look, stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "seeds.idx"
        command = [sys.executable, "-m", "service", "index", str(index), str(ROOT / "seeds"), "--collection", "seeds"]
        subprocess.run(command, check=True, capture_output=True)
        with hosted(index) as address, chromium() as browser:
            for view in VIEWS:
                _take(browser, address, view, options.out / f"{view.name}.png")
        _, secret = keys.add(str(index), ["edit"], "night desk")
        with hosted(index) as address, chromium() as browser:
            _correct(browser, address, secret, options.out / "desk.png")
            _keep(browser, address, secret, options.out / "list.png")
            _save(browser, address, secret, options.out / "searches.png")
            _decide(browser, address, index, secret, options.out / "names.png")
            _alert(browser, address, index, secret, options.out / "alerts.png")
            cited = View("cited", _cited(browser, address, index, secret), width=1000, height=1020)
            _take(browser, address, cited, options.out / "cited.png")
            _manage(browser, address, index, options.out)


def _signed_in(browser: Browser, address: str, secret: str, path: str, width: int = 1200, height: int = 820) -> Page:
    """A page as somebody sees it who has signed in."""
    page: Page = browser.new_page(base_url=address, viewport={"width": width, "height": height})
    page.goto(f"/sign-in?next={path}")
    page.get_by_label("Your key").fill(secret)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    return page


def _cited(browser: Browser, address: str, index: Path, secret: str) -> str:
    """The path of a cited result of which one article came, one went and one changed since."""
    page = _signed_in(browser, address, secret, "/cite?q=berlin")
    page.get_by_role("button", name="Make the citation").click()
    page.locator("#verdict").wait_for()
    path = page.url.removeprefix(address)
    page.close()
    with search.open(index) as engine:
        first, second, *_ = sorted(engine.export(search.Query("berlin")), key=lambda article: article.id)
    with search.writer(index) as writer:
        writer.delete(first.id)
        writer.add(replace(second, title=f"{second.title} (corrected)"))
        writer.add(replace(second, id="berlin-again", title="Berlin, again", published="2026-11-27"))
    return path


def _alert(browser: Browser, address: str, index: Path, secret: str, file: Path) -> None:
    """Alerts: one that has told something, one that could not, one that waits for Monday."""
    with search.open(index) as engine:
        article = engine.article("1961-08-berlin-wall")
    made = {"made_by": "night desk", "made": "2026-11-02T08:00:00Z", "looked": "", "generation": 0, "due": ""}
    with Archive(str(index)) as archive, Alerts(index) as alerts:
        for name, question, schedule, channel, target in (
            ("Berlin", "q=berlin", "at once", "mail", "desk@example.org"),
            ("Germany", "country=DE&topic.not=sport", "at once", "post", "https://hooks.example.org/archive/germany"),
            ("The moon, by year", "q=moon&from=1957&sort=oldest", "weekly Mon 07:00", "feed", ""),
        ):
            zone = "Europe/Berlin" if channel == "feed" else "UTC"
            alert = Alert(0, name, question, schedule, zone, channel, target, **made)  # type: ignore[arg-type]
            begin(archive, alerts, alert)
        with search.writer(index) as writer:
            writer.add(replace(article, id="berlin-anew", title="Berlin, anew"))
        look(archive, alerts, "2026-11-27T06:45:00Z", lambda _, at: at, names=["Berlin", "Germany"])
        for delivery in alerts.waiting("9999"):
            if delivery.alert == 1:
                alerts.delivered(delivery, "2026-11-27T06:45:02Z")
            else:
                alerts.failed(delivery, "The receiver answered 503.", "2026-11-27T06:46:00Z")
    page = _signed_in(browser, address, secret, "/alerts", 1100, 470)
    page.get_by_role("row", name="Germany").wait_for()
    page.screenshot(path=str(file))
    page.close()


def _manage(browser: Browser, address: str, index: Path, out: Path) -> None:
    """An archive with rules, and what its administrator sees; an alert fails there."""
    with acting(Actor("Ann Lee", "command")):
        _, secret = keys.add(str(index), ["admin"], "Ann Lee")
        reading, _ = keys.add(str(index), ["read"], "Reading room")
    with acting(Actor("Ann Lee", "page")), Rights(index) as rights, Alerts(index) as alerts:
        rights.put(f"{KEY}{reading.id}", ["readers"])
        rights.put(f"{USER}bo.ek@example.org", ["desk", "readers"])
        rights.set(rule.read(RULES), "Ann Lee", "2026-11-27T06:45:00Z")
        alerts.note_problem(alerts.listed()[0], "The channel “post” is not available here.", "2026-11-27T07:00:00Z")
    for name, path, height in (("admin", "/admin", 900), ("rights", "/rights", 400)):
        page = _signed_in(browser, address, secret, path, height=height)
        page.locator("main h1").wait_for()
        page.goto(path)
        page.screenshot(path=str(out / f"{name}.png"))
        page.close()


def _take(browser: Browser, address: str, view: View, file: Path) -> None:
    size = {"width": view.width, "height": view.height}
    page: Page = browser.new_page(base_url=address, viewport=size, color_scheme=view.scheme)  # type: ignore[arg-type]
    for _ in range(3):  # the first answer of a worker takes longer, and the page says how long
        page.goto(view.path)
    if view.typed:
        page.locator("#q").press_sequentially(view.typed)
        page.get_by_role("option").first.wait_for()
    if view.pasted:
        page.locator("#text").fill(view.pasted)
        page.get_by_role("button", name="Check", exact=True).click()
        page.locator("#as-read").wait_for()
    page.screenshot(path=str(file))
    page.close()


def _correct(browser: Browser, address: str, secret: str, file: Path) -> None:
    """An article that somebody corrects."""
    page = _signed_in(browser, address, secret, "/article/1961-08-berlin-wall", 1280, 1000)
    page.get_by_text("Correct", exact=True).click()
    page.get_by_label("Why something is wrong").fill("named as a sector of Berlin only")
    page.get_by_role("button", name="Not this country: France").click()
    page.get_by_text("country removed: France").wait_for()
    page.screenshot(path=str(file), full_page=True)
    page.close()


def _keep(browser: Browser, address: str, secret: str, file: Path) -> None:
    """A list that somebody has made of a search, with a note."""
    page = _signed_in(browser, address, secret, "/lists")
    page.goto("/?q=berlin")
    page.get_by_label("Keep on a list").fill("Berlin divided")
    page.get_by_role("button", name="this page").click()
    page.get_by_text("Add a note, or take it off the list").first.click()
    page.get_by_label("Note", exact=True).first.fill("Quote the third paragraph. Ask for the picture.")
    page.get_by_role("button", name="Store the note").first.click()
    page.get_by_text("Ask for the picture.").first.wait_for()
    page.screenshot(path=str(file))
    page.close()


def _save(browser: Browser, address: str, secret: str, file: Path) -> None:
    """Saved searches."""
    page = _signed_in(browser, address, secret, "/searches")
    for name, asked in (("Berlin divided", "q=berlin&from=1945&to=1989"), ("Moon landings", "q=moon&topic=science")):
        page.goto(f"/searches?{asked}")
        page.get_by_label("Its name").fill(name)
        page.get_by_role("button", name="Save the search").click()
        page.get_by_role("link", name=name).first.wait_for()
    page.goto("/searches")
    page.screenshot(path=str(file))
    page.close()


def _decide(browser: Browser, address: str, index: Path, secret: str, file: Path) -> None:
    """Names that may be one: as seen after articles with other spellings of two names have been added."""
    with search.open(index) as engine:
        moon, *_ = engine.export(search.Query("kennedy moon"))
    with search.writer(index) as writer:
        for number, name in enumerate(("J. F. Kennedy", "Mikhail Gorbachov")):
            text = f"{name} was named in a letter to the editor."
            writer.add(replace(moon, id=f"letter-{number}", title="A letter", text=text, person=(name,), evidence={}))
    page = _signed_in(browser, address, secret, "/names", height=900)
    page.screenshot(path=str(file))
    page.close()


if __name__ == "__main__":
    main()
