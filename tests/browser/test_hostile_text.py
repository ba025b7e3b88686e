"""Fifty ways to smuggle a script, in every field of an article and in every parameter: all of them stay text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

import search
from search import Article
from search.values.article import Evidence
from tests.browser.managed import manage
from tests.browser.running import Desk
from tests.service.desk.alerts.receivers import Mailbox
from tests.service.serving import hosted

pytestmark = pytest.mark.browser

RUN = "window.ran=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script >{RUN}</script >",
    f"<script/x>{RUN}</script>",
    f"<<script>{RUN}//<</script>",
    f"<script src=data:text/javascript,{RUN}></script>",
    '<script src="/api/search?q=1"></script>',
    f"<img src=x onerror={RUN}>",
    f"<img src=x onerror='{RUN}'>",
    f"<img/src=x/onerror={RUN}>",
    f"<IMG SRC=x OnErRoR={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f"--><img src=x onerror={RUN}>",
    f"]]><img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f'<svg><a xlink:href="javascript:{RUN}"><text y=20>x</text></a></svg>',
    f"<math><maction actiontype=statusline xlink:href=javascript:{RUN}>x</maction></math>",
    f"<body onload={RUN}>",
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<iframe srcdoc='<script>{RUN}</script>'></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}></select>",
    f"<textarea autofocus onfocus={RUN}></textarea>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<form action=javascript:{RUN}><input type=submit></form>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<a href=' javascript:{RUN}'>x</a>",
    f"<base href=javascript:{RUN}//>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<link rel=stylesheet href=//example.invalid/x.css>",
    f"<style>@import '//example.invalid/{RUN}';</style>",
    f'<p style="background:url(javascript:{RUN})">x</p>',
    f'" autofocus onfocus={RUN} x="',
    f"' autofocus onfocus={RUN} x='",
    f"` onmouseover={RUN} `",
    f"javascript:{RUN}",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"{{{{ {RUN} }}}} {{% {RUN} %}} ${{{RUN}}}",
)


@pytest.fixture(scope="module")
def administered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where an archive is served whose every field is a payload, and all that people have named; its administrator."""
    place = tmp_path_factory.mktemp("hostile") / "idx"
    with search.writer(place) as writer:
        for number, payload in enumerate(PAYLOADS):
            evidence = {
                "person": (Evidence(payload, 0, len(payload), payload, payload, 1.0),),
                "country": (Evidence("FR", 2, len(payload), payload, payload, 0.5),),
            }
            writer.add(
                Article(
                    f"p{number}", f"{payload}\n\nword {payload}", payload, published=f"19{number + 10}-01-01",
                    source=payload, section=payload, url=payload, byline=payload, person=(payload, f"{payload} too"),
                    country=("FR",), evidence=evidence, group=payload, source_id=payload, extra={"payload": payload},
                )
            )  # fmt: skip
    secret = manage(place, PAYLOADS)
    with hosted(place) as address:
        yield Desk(address, secret, place, Mailbox())


@pytest.fixture
def hostile(administered: Desk) -> str:
    """Where it is served."""
    return administered.address


@pytest.fixture
def numbers(amount: Callable[..., int]) -> range:
    """Those of the payloads that are tried one by one."""
    return range(0, len(PAYLOADS), len(PAYLOADS) // amount(len(PAYLOADS), few=5))


def test_there_are_fifty() -> None:
    assert len(set(PAYLOADS)) == 50


def test_an_article_of_payloads_is_text(hostile: str, open_page: Callable[..., Page], numbers: range) -> None:
    page = open_page(hostile)
    for number in numbers:
        page.goto(f"/article/p{number}?q=word&mark=person&mark=country")
        assert page.locator("article h1").text_content() == PAYLOADS[number]
        assert PAYLOADS[number] in (page.locator("aside").first.text_content() or "")
        assert harmless(page)


def test_a_result_of_payloads_is_text(hostile: str, open_page: Callable[..., Page]) -> None:
    page = open_page(hostile)
    for path in (
        "/?size=50",
        "/?size=50&view=people",
        "/?view=special&q=word",
        "/?view=special&q=word&by=year",
        "/?view=over-time&q=word",
        "/compare?q=word&q=other",
        "/?q=word&size=50&facet_size=50",
        "/?more=person",
    ):
        page.goto(path)
        assert harmless(page)
    page.goto("/?size=50")
    assert set(page.locator(".hits h2").all_text_contents()) == set(PAYLOADS)


def test_parameters_of_payloads_are_text(hostile: str, open_page: Callable[..., Page], numbers: range) -> None:
    page = open_page(hostile)
    for number in numbers:
        text = quote(PAYLOADS[number], safe="")
        page.goto(
            f"/?q={text}&person={text}&source.not={text}&person.all={text}&section={text}&find={text}&more=person"
        )
        assert page.locator("#q").input_value() == PAYLOADS[number]
        assert harmless(page)


def test_refused_parameters_are_text(hostile: str, open_page: Callable[..., Page], numbers: range) -> None:
    page = open_page(hostile)
    for number in numbers:
        text = quote(PAYLOADS[number], safe="")
        answer = page.request.get(f"/?country={text}&from={text}&sort={text}&view={text}&size={text}&cursor={text}")
        assert answer.status == 400
        page.set_content(answer.text().replace("<script src=", "<script data-src="))
        assert harmless(page)


def test_completions_of_payloads_are_text(hostile: str, open_page: Callable[..., Page]) -> None:
    page = open_page(hostile)
    page.goto("/?q=")
    for word in ("script", "img", "svg", "window"):
        page.locator("#q").fill("")
        page.locator("#q").type(word)
        page.get_by_role("option").first.wait_for()
        assert any(payload in (page.locator("#completions").text_content() or "") for payload in PAYLOADS)
        assert harmless(page)


def test_what_an_administrator_sees_of_payloads_is_text(open_page: Callable[..., Page], administered: Desk) -> None:
    page = open_page(administered.address)
    administered.remember(page)
    page.goto("/upload")
    jobs = page.locator("#jobs tbody a").evaluate_all("links => links.map((one) => one.pathname)")
    assert len(jobs) == 9
    for path in ("/admin", "/rights", f"/rights?kind=group:&name={quote(PAYLOADS[0])}", "/upload", jobs[0], jobs[-1]):
        page.goto(path)
        assert PAYLOADS[0] in (page.locator("main").text_content() or "") or path in jobs
        assert harmless(page)


def harmless(page: Page) -> bool:
    """Whether nothing of the archive became an element, an attribute or a script."""
    return bool(
        page.evaluate(
            """() => !window.ran
                && !document.querySelector("img, iframe, object, embed, video, audio, marquee, math, base, #page style")
                && !document.querySelector("[onerror], [onload], [onfocus], [onmouseover], [ontoggle], [onbegin]")
                && ![...document.querySelectorAll("[href]:not([rel='schema.DC']), [src], [action]")].some((e) =>
                    [...e.attributes].some((a) => ["href", "src", "action", "xlink:href"].includes(a.name)
                        && !/^[/#]/.test(a.value) && !a.value.startsWith(`${location.origin}/`)))"""
        )
    )
