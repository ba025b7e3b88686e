"""Citations of an article: a sentence, a record for reference managers, and structured data."""

from __future__ import annotations

from search.article import Article
from search.json import Json
from service import citations as references
from service.chart import day_in_words


def citations(article: Article, site: str) -> list[tuple[str, str]]:
    """The citation formats of an article: label, and text to copy."""
    note = f"Found in {site} as {article.id}"
    return [
        ("Text", sentence(article)),
        ("RIS", references.ris(article, note).strip().replace("\r\n", "\n")),
        ("BibTeX", references.bibtex(article).strip()),
    ]


def sentence(article: Article) -> str:
    """Author, title, source, date and URL, as far as they are known."""
    title = f"“{article.title or article.id}”"
    date = day_in_words(article.published) if article.published else "undated"
    parts = [", ".join(references.authors(article)), title, article.source, date, article.url]
    return ", ".join(" ".join(part.split()) for part in parts if part) + "."


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
