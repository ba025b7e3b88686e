"""Chicago, APA and MLA, entry by entry, as their manuals have articles of newspapers; italics between asterisks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from search import Article
from service.formats.author_names import Name, parsed
from service.formats.reference_styles import STYLES, cited, plain
from tests.cases import cases

READ = date(2026, 11, 27)
ONE = Article(
    "nyt-1", "Text.", "Oil Falls Again", published="2023-06-18T10:00:00+02:00", source="The New York Times",
    url="https://e.org/oil", byline="By Jane Q. Doe", author=("Jane Q. Doe",), language="en",
)  # fmt: skip


def written(article: Article) -> dict[str, str]:
    one = cited(article, "Dateline", READ)
    return {name: "".join(f"*{run.text}*" if run.italic else run.text for run in style(one)) for name, style in STYLES}


EXPECTED = {
    "one author": (
        ONE,
        "Doe, Jane Q. “Oil Falls Again.” *New York Times*, June 18, 2023. Accessed November 27, 2026. https://e.org/oil.",
        "Doe, J. Q. (2023, June 18). Oil Falls Again. *The New York Times*. https://e.org/oil",
        "Doe, Jane Q. “Oil Falls Again.” *The New York Times*, 18 June 2023, https://e.org/oil. Accessed 27 Nov. 2026.",
    ),
    "two authors": (
        replace(ONE, author=("Jane Doe", "Jean-Pierre Léaud")),
        "Doe, Jane, and Jean-Pierre Léaud. “Oil Falls Again.” *New York Times*, June 18, 2023. "
        "Accessed November 27, 2026. https://e.org/oil.",
        "Doe, J., & Léaud, J.-P. (2023, June 18). Oil Falls Again. *The New York Times*. https://e.org/oil",
        "Doe, Jane, and Jean-Pierre Léaud. “Oil Falls Again.” *The New York Times*, 18 June 2023, https://e.org/oil. "
        "Accessed 27 Nov. 2026.",
    ),
    "three authors": (
        replace(ONE, author=("Jane Doe", "Ann Lee", "Bo Ek"), url=None),
        "Doe, Jane, Ann Lee, and Bo Ek. “Oil Falls Again.” *New York Times*, June 18, 2023. Dateline (nyt-1).",
        "Doe, J., Lee, A., & Ek, B. (2023, June 18). Oil Falls Again. *The New York Times*.",
        "Doe, Jane, et al. “Oil Falls Again.” *The New York Times*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "no author": (
        replace(ONE, author=(), byline=None),
        "*New York Times*. “Oil Falls Again.” June 18, 2023. Accessed November 27, 2026. https://e.org/oil.",
        "Oil Falls Again. (2023, June 18). *The New York Times*. https://e.org/oil",
        "“Oil Falls Again.” *The New York Times*, 18 June 2023, https://e.org/oil. Accessed 27 Nov. 2026.",
    ),
    "no author, and a newspaper that ends in a stop": (
        replace(ONE, author=(), byline=None, source="Globe Inc.", url=None),
        "*Globe Inc.* “Oil Falls Again.” June 18, 2023. Dateline (nyt-1).",
        "Oil Falls Again. (2023, June 18). *Globe Inc.*",
        "“Oil Falls Again.” *Globe Inc.*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "no author, no date, and a newspaper that ends in a stop": (
        replace(ONE, author=(), byline=None, published=None, source="Globe Inc.", url=None),
        "*Globe Inc.* “Oil Falls Again.” N.d. Dateline (nyt-1).",
        "Oil Falls Again. (n.d.). *Globe Inc.*",
        "“Oil Falls Again.” *Globe Inc.* *Dateline*, nyt-1.",
    ),
    "a title and a newspaper that end in quotation marks": (
        replace(ONE, author=(), byline=None, title="He said “no.”", source="“Wall?”", url=None),
        "*“Wall?”* “He said ‘no.’” June 18, 2023. Dateline (nyt-1).",
        "He said “no.” (2023, June 18). *“Wall?”*",
        "“He said ‘no.’” *“Wall?”*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "a title in other quotation marks": (
        replace(ONE, title="‘Why?’", source="", published=None, url=None),
        "Doe, Jane Q. “‘Why?’” N.d. Dateline (nyt-1).",
        "Doe, J. Q. (n.d.). *‘Why?’*",
        "Doe, Jane Q. “‘Why?’” *Dateline*, nyt-1.",
    ),
    "a newspaper in Urdu": (
        replace(ONE, author=(), byline=None, source="اخبار۔", url=None),
        "*اخبار۔* “Oil Falls Again.” June 18, 2023. Dateline (nyt-1).",
        "Oil Falls Again. (2023, June 18). *اخبار۔*",
        "“Oil Falls Again.” *اخبار۔*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "an agency": (
        replace(ONE, author=(), byline="Associated Press", url=None),
        "Associated Press. “Oil Falls Again.” *New York Times*, June 18, 2023. Dateline (nyt-1).",
        "Associated Press. (2023, June 18). Oil Falls Again. *The New York Times*.",
        "Associated Press. “Oil Falls Again.” *The New York Times*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "no date": (
        replace(ONE, published=None),
        "Doe, Jane Q. “Oil Falls Again.” *New York Times*, n.d. Accessed November 27, 2026. https://e.org/oil.",
        "Doe, J. Q. (n.d.). Oil Falls Again. *The New York Times*. Retrieved November 27, 2026, from https://e.org/oil",
        "Doe, Jane Q. “Oil Falls Again.” *The New York Times*, https://e.org/oil. Accessed 27 Nov. 2026.",
    ),
    "neither author nor date": (
        replace(ONE, author=(), byline=None, published=None, url=None),
        "*New York Times*. “Oil Falls Again.” N.d. Dateline (nyt-1).",
        "Oil Falls Again. (n.d.). *The New York Times*.",
        "“Oil Falls Again.” *The New York Times*. *Dateline*, nyt-1.",
    ),
    "a month": (
        replace(ONE, published="1998-09", url=None),
        "Doe, Jane Q. “Oil Falls Again.” *New York Times*, September 1998. Dateline (nyt-1).",
        "Doe, J. Q. (1998, September). Oil Falls Again. *The New York Times*.",
        "Doe, Jane Q. “Oil Falls Again.” *The New York Times*, Sept. 1998. *Dateline*, nyt-1.",
    ),
    "a year": (
        replace(ONE, published="1998", url=None),
        "Doe, Jane Q. “Oil Falls Again.” *New York Times*, 1998. Dateline (nyt-1).",
        "Doe, J. Q. (1998). Oil Falls Again. *The New York Times*.",
        "Doe, Jane Q. “Oil Falls Again.” *The New York Times*, 1998. *Dateline*, nyt-1.",
    ),
    "a quotation in the title": (
        replace(ONE, title="“No Deal,” He Says", url=None),
        "Doe, Jane Q. “‘No Deal,’ He Says.” *New York Times*, June 18, 2023. Dateline (nyt-1).",
        "Doe, J. Q. (2023, June 18). “No Deal,” He Says. *The New York Times*.",
        "Doe, Jane Q. “‘No Deal,’ He Says.” *The New York Times*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "a quotation that ends the title": (
        replace(ONE, title='Minister: "No Deal"', url=None),
        "Doe, Jane Q. “Minister: ‘No Deal.’” *New York Times*, June 18, 2023. Dateline (nyt-1).",
        'Doe, J. Q. (2023, June 18). Minister: "No Deal". *The New York Times*.',
        "Doe, Jane Q. “Minister: ‘No Deal.’” *The New York Times*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "a question": (
        replace(ONE, title="Will Oil Fall?", url=None),
        "Doe, Jane Q. “Will Oil Fall?” *New York Times*, June 18, 2023. Dateline (nyt-1).",
        "Doe, J. Q. (2023, June 18). Will Oil Fall? *The New York Times*.",
        "Doe, Jane Q. “Will Oil Fall?” *The New York Times*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "German": (
        replace(
            ONE, title="Öl fällt „weiter“", source="Die Zeit", author=("Ursula von der Leyen",), language="de", url=None
        ),
        "von der Leyen, Ursula. “Öl fällt ‚weiter.‘” *Die Zeit*, June 18, 2023. Dateline (nyt-1).",
        "von der Leyen, U. (2023, June 18). Öl fällt „weiter“. *Die Zeit*.",
        "von der Leyen, Ursula. “Öl fällt ‚weiter.‘” *Die Zeit*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "Chinese": (
        replace(ONE, title="油价下跌。", source="人民日报", author=("王小明",), language="zh", url=None),
        "王小明. “油价下跌。” *人民日报*, June 18, 2023. Dateline (nyt-1).",
        "王小明. (2023, June 18). 油价下跌。 *人民日报*.",
        "王小明. “油价下跌。” *人民日报*, 18 June 2023. *Dateline*, nyt-1.",
    ),
    "nothing known": (
        Article("x-1", "Text."),
        "“Text.” N.d. Dateline (x-1).",
        "*Text.* (n.d.).",
        "“Text.” *Dateline*, x-1.",
    ),
}


@cases("case", EXPECTED)
def test_an_entry_is_as_the_manual_has_it(case: str) -> None:
    article, chicago, apa, mla = EXPECTED[case]

    assert written(article) == {"Chicago": chicago, "APA": apa, "MLA": mla}


def test_of_many_authors_only_some_are_named() -> None:
    names = tuple(f"Ann {letter}ee" for letter in "BCDFGHJKLMNPQRSTVWXYZ")  # 21
    found = written(replace(ONE, author=names))

    assert found["Chicago"].startswith("Bee, Ann, Ann Cee, Ann Dee, et al. “Oil")
    assert found["MLA"].startswith("Bee, Ann, et al. “Oil")
    assert found["APA"].startswith("Bee, A., Cee, A., Dee, A.,")
    assert "Yee" not in found["APA"]
    assert ", Xee, A., . . . Zee, A. (2023" in found["APA"]
    assert "& Yee, A. (" in written(replace(ONE, author=names[:20]))["APA"]
    assert ", and Ann Hee. “" in written(replace(ONE, author=names[:6]))["Chicago"]


@cases(
    "name, parts",
    [
        ("Jane Doe", Name("Doe", "Jane")),
        ("Doe, Jane", Name("Doe", "Jane")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", "Jr.")),
        ("Martin Luther King, Jr.", Name("King", "Martin Luther", "Jr.")),
        ("King, Martin Luther, Jr.", Name("King", "Martin Luther", "Jr.")),
        ("Robert De Niro", Name("De Niro", "Robert")),
        ("Bashar al-Assad", Name("al-Assad", "Bashar")),
        ("Van Morrison", Name("Morrison", "Van")),
        ("Иван Петров", Name("Петров", "Иван")),
        ("習 近平", Name("習 近平")),
        ("Reuters", Name("Reuters")),
        ("Pelé II", Name("Pelé II")),
        (" Jane\n Doe ", Name("Doe", "Jane")),
    ],
)
def test_a_name_has_a_family_name_where_letters_are_written_so(name: str, parts: Name) -> None:
    assert parsed(name) == parts


@cases("name, initials", [("J.R.R. Tolkien", "J. R. R."), ("Jean-Paul Sartre", "J.-P."), ("‘Skip’ Lee", "S.")])
def test_initials_have_a_stop_each(name: str, initials: str) -> None:
    assert parsed(name).initials == initials


@given(
    st.builds(
        Article,
        id=st.just("a"),
        text=st.just(""),
        title=st.text(max_size=20),
        source=st.none() | st.text(max_size=8),
        byline=st.none() | st.text(max_size=8),
        author=st.lists(st.text(min_size=1, max_size=12), max_size=8).map(tuple),
        url=st.none() | st.text(max_size=8),
        published=st.sampled_from([None, "1998", "1998-05", "1998-05-17", "1998-05-17T10:00Z"]),
    )
)
def test_any_text_is_in_an_entry_of_one_line(article: Article) -> None:
    for _, style in STYLES:
        entry = plain(style(cited(article, "Dateline", READ)))
        assert entry == " ".join(entry.split())
        assert ".." not in entry.replace(article.title or "x", "x") or ".." in repr(article)


def test_a_month_without_a_day_is_written() -> None:
    assert "May 1998" in written(replace(ONE, published="1998-05"))["MLA"]
