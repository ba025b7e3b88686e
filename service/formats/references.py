"""An article as a reference: RIS, BibTeX and CSL-JSON, escaped so that no title can end a record or begin another."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

from search.fields import BY_NAME, ENRICHED
from search.names.vocabulary import vocabulary
from search.system.json import Json
from search.values.article import Article
from service.formats import author_names as names

_UNSAFE_KEY = re.compile(r"[^A-Za-z0-9._:+-]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_TEX_UNSAFE = re.compile("|".join(re.escape(character) for character in _TEX))
_ADDRESS_UNSAFE = re.compile(r"[^!$&'()*+,./0-9:;=?@A-Z\[\]_a-z~%#-]")


def remark(query: str, generation: int, exported: str) -> str:
    """The origin of a reference, in a sentence."""
    asked = f"the search {query}" if query else "the whole archive"
    return f"Exported by Dateline at {exported} from generation {generation}: {asked}"


def ris(article: Article, note: str, accessed: date | None = None) -> str:
    """A RIS record; a value is one line, whatever it contains.

    Args:
        accessed: the day on which it was read, if the record is to say it.
    """
    lines = [("TY", "NEWS"), ("ID", article.id), ("TI", article.heading)]
    lines += [("AU", name) for name in authors(article)]
    lines += [("T2", article.source or ""), ("SE", article.section or "")]
    if article.published:
        lines += [("PY", article.published[:4]), ("DA", _ris_date(article.published))]
    lines += [("LA", article.language or ""), ("UR", article.url or "")]
    lines += [("Y2", f"{accessed:%Y/%m/%d}")] if accessed else []
    lines += [("KW", word) for word in keywords(article)]
    lines += [("DP", "Dateline"), ("N1", note)]
    written = [f"{tag}  - {text}" for tag, value in lines if (text := _line(value))]
    return "\r\n".join([*written, "ER  - ", "", ""])


def bibtex(article: Article, accessed: date | None = None) -> str:
    """A BibTeX entry; with the day on which it was read, as BibLaTeX has it, if that is given."""
    values = [
        ("title", f"{{{_tex(article.heading)}}}"),
        ("author", " and ".join(f"{{{_tex(name)}}}" for name in authors(article))),
        ("journal", _tex(article.source or "")),
    ]
    if article.published:
        values.append(("year", article.published[:4]))
        values += [
            (name, str(int(part)))
            for name, part in zip(("month", "day"), article.published[:10].split("-")[1:], strict=False)
        ]
    values += [
        ("language", _tex(article.language or "")),
        ("url", _address(article.url or "")),
        ("urldate", accessed.isoformat() if accessed and article.url else ""),
        ("keywords", _tex(", ".join(word.replace(",", " ") for word in keywords(article)))),
    ]
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in values if value)
    return f"@article{{{_key(article.id)}{body}\n}}\n\n"


def dataset(key: str, title: str, archive: str, address: str, day: str, note: str) -> str:
    """A cited result as a BibTeX entry.

    Args:
        key: what its citation key ends with; of a long one, a part.
        day: when it was found, ISO 8601.
    """
    values = [
        ("title", f"{{{_tex(title)}}}"), ("howpublished", _tex(archive)), ("year", day[:4]),
        ("url", _address(address)), ("urldate", day), ("note", _tex(note)),
    ]  # fmt: skip
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in values)
    return f"@misc{{result-{_key(key[:16])}{body}\n}}\n\n"


def csl(article: Article, archive: str, accessed: date) -> Json:
    """An item of CSL-JSON, which word processors and reference managers read.

    Args:
        archive: the name of the archive in which it was read, on the day `accessed`.
    """
    item: Json = {
        "id": article.id,
        "type": "article-newspaper",
        "title": _line(article.heading),
        "author": [
            {"family": n.family, "given": n.given, **({"suffix": n.suffix} if n.suffix else {})}
            if n.given
            else {"literal": n.family}
            for n in names.authors(article)
        ],
        "container-title": _line(article.source or ""),
        "section": _line(article.section or ""),
        "issued": article.published and _parts(article.published[:10]),
        "accessed": _parts(accessed.isoformat()),
        "language": article.language,
        "URL": _line(article.url or ""),
        "archive": archive,
        "archive_location": article.id,
    }
    return {name: value for name, value in item.items() if value}


def comment(note: str) -> str:
    """A comment that BibTeX skips: without braces and @, which could begin an entry."""
    plain = _line(note).replace("{", "(").replace("}", ")").replace("@", "(at)")
    return f"@comment{{{plain}}}\n\n"


def authors(article: Article) -> tuple[str, ...]:
    """The authors of an article; the unchanged byline if it names nobody."""
    return article.author or ((article.byline,) if article.byline else ())


def keywords(article: Article) -> list[str]:
    """The labels of its persons, countries and topics."""
    words: list[str] = []
    for name in ENRICHED:
        known = BY_NAME[name].vocabulary
        words += [vocabulary(known).label(value) if known else value for value in getattr(article, name)]
    return words


def _parts(day: str) -> Json:
    """A date, or the known parts of one, in CSL-JSON."""
    return {"date-parts": [[int(part) for part in day.split("-")]]}


def _ris_date(published: str) -> str:
    """A date as YYYY/MM/DD, with the known parts only."""
    parts = published[:10].split("-")
    return "/".join((*parts, *[""] * (3 - len(parts))))


def _line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


def _tex(text: str) -> str:
    return _TEX_UNSAFE.sub(lambda found: _TEX[found[0]], _line(text))


def _address(url: str) -> str:
    """An equivalent address in which the special characters of TeX are percent-encoded."""
    return _ADDRESS_UNSAFE.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), _line(url)
    )


def _key(article_id: str) -> str:
    """A citation key; a changed id gets four digits, so that keys stay distinct."""
    key = _UNSAFE_KEY.sub("-", article_id)
    return key if key == article_id else f"{key}-{sha256(article_id.encode()).hexdigest()[:4]}"
