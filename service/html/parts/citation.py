"""Citations of an article: in the styles of reference lists, for programs that manage references, and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from search.system.json import Json
from search.values.article import Article
from service.formats import references
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


def structured(article: Article) -> Json:
    """The article as a schema.org `NewsArticle`, which a template writes as JSON."""
    known: Json = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title or article.id,
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
