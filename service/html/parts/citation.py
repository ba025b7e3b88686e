"""Citations of an article: in the styles of reference lists, for programs that manage references, and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from search.system.json import Json
from search.values.article import Article
from service.formats import references
from service.formats.feed import is_web_url
from service.formats.reference_styles import STYLES, Run, cited


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation to copy: its name, its text, and True if that is for a program."""

    name: str
    runs: Sequence[Run]
    verbatim: bool = False


def citations(article: Article, site: str, accessed: date) -> list[Citation]:
    """The citations of an article that is read on a day."""
    note = f"Found in {site} as {article.id}"
    one = cited(article, site, accessed)
    csl = orjson.dumps([references.csl(article, site, accessed)], option=orjson.OPT_INDENT_2).decode()
    programs = (
        ("RIS", references.ris(article, note, accessed).strip().replace("\r\n", "\n")),
        ("BibTeX", references.bibtex(article, accessed).strip()),
        ("CSL-JSON", csl),
    )
    return [
        *(Citation(name, style(one)) for name, style in STYLES),
        *(Citation(name, (Run(text),), verbatim=True) for name, text in programs),
    ]


def described(article: Article, address: str) -> list[tuple[str, str]]:
    """The article for programs that manage references: the names and contents of `<meta>`.

    Highwire's names and Dublin Core; `eprints.type` tells that it is of a newspaper, which neither of them can say.

    Args:
        address: that of its page.
    """
    day = (article.published or "")[:10]
    where = article.url if article.url and is_web_url(article.url) else address
    names = references.authors(article)
    listed = [
        ("citation_title", article.heading), *(("citation_author", name) for name in names),
        ("citation_publication_date", day.replace("-", "/")), ("citation_language", article.language),
        ("citation_public_url", where), ("DC.title", article.heading), *(("DC.creator", name) for name in names),
        ("DC.date", day), ("DC.source", article.source), ("DC.language", article.language), ("DC.identifier", where),
        ("DC.type", "Text"), ("eprints.type", "newsitem"), ("article:section", article.section),
    ]  # fmt: skip
    return [(name, " ".join(value.split())) for name, value in listed if value and value.strip()]


def replayed(article: Article, template: str) -> str | None:
    """Where a web archive shows an article as it was; None without an address of the web, a date or a template.

    Args:
        template: an address with `{timestamp}` and `{url}`.
    """
    if not template or not article.url or not is_web_url(article.url) or not article.published:
        return None
    digits = "".join(filter(str.isdigit, article.published[:19]))
    moment = digits + "00000101000000"[len(digits) :]
    return template.replace("{timestamp}", moment).replace("{url}", article.url)


def structured(article: Article) -> Json:
    """The article as a schema.org `NewsArticle`, which a template writes as JSON."""
    known: Json = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.heading,
        "identifier": article.id,
        "datePublished": article.published,
        "inLanguage": article.language,
        "articleSection": article.section,
        "url": article.url,
        "author": [{"@type": "Person", "name": name} for name in article.author]
        or (article.byline and {"@type": "Person", "name": article.byline}),
        "publisher": article.source and {"@type": "Organization", "name": article.source},
        "about": [{"@type": "Person", "name": name} for name in article.person],
        "contentLocation": [{"@type": "Country", "identifier": code} for code in article.country],
    }
    return {name: value for name, value in known.items() if value}
