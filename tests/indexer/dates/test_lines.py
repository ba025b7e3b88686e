"""Lines that have only a date: which date, which time, and if it is one of publication."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from indexer.dates import clock, lines, order, printed
from tests.cases import cases
from tests.tiers import examples

MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2025, 12, 31))


@cases("line, language, dates", [
    ("Tue 27 Aug 2019 21.38 BST", "en", ["2019-08-27T21:38:00+01:00"]),
    ("Published: Tue 27 Aug 2019 21.38 BST", "en", ["2019-08-27T21:38:00+01:00"]),
    ("First published on Tue 27 Aug 2019 21.38 BST", "en", ["2019-08-27T21:38:00+01:00"]),
    ("Last modified on Wed 28 Aug 2019 09.02 BST", "en", ["changed 2019-08-28T09:02:00+01:00"]),
    ("Tue 27 Aug 2019 21.38 BST Last modified on Wed 28 Aug 2019 09.02 BST", "en",
     ["2019-08-27T21:38:00+01:00", "changed 2019-08-28T09:02:00+01:00"]),
    ("Updated 9:38 PM EDT, August 28, 2019", "en", ["changed 2019-08-28T21:38:00-04:00"]),
    ("9:38 p.m. EDT Tuesday, August 27, 2019", "en", ["2019-08-27T21:38:00-04:00"]),
    ("By Jane Doe, 27 August 2019", "en", ["2019-08-27"]),
    ("Posted on August 27, 2019 by Jane Doe", "en", ["2019-08-27"]),
    ("By Jane Doe | 27 August 2019 | 3 min read", "en", ["2019-08-27"]),
    ("27 August 2019 · 3 min read", "en", ["2019-08-27"]),
    ("Dienstag, 27. August 2019, 21.38 Uhr", "de", ["2019-08-27T21:38:00"]),
    ("Veröffentlicht am 27.08.2019 um 21:38 Uhr", "de", ["2019-08-27T21:38:00"]),
    ("Zuletzt aktualisiert am 28. August 2019 um 21:38 Uhr", "de", ["changed 2019-08-28T21:38:00"]),
    ("Stand: 28.08.2019 21:38 Uhr", "de", ["changed 2019-08-28T21:38:00"]),
    ("Publié le 27 août 2019 à 21h38, mis à jour le 28 août 2019 à 9h02", "fr",
     ["2019-08-27T21:38:00", "changed 2019-08-28T09:02:00"]),
    ("Publicado em 27/08/2019 às 21h38 - Atualizado em 28/08/2019", "pt",
     ["2019-08-27T21:38:00", "changed 2019-08-28"]),
    ("martes, 27 de agosto de 2019 a las 21:38", "es", ["2019-08-27T21:38:00"]),
    ("Última actualización: 28 de agosto de 2019", "es", ["changed 2019-08-28"]),
    ("Pubblicato il 27 agosto 2019, ore 21:38", "it", ["2019-08-27T21:38:00"]),
    ("Ultimo aggiornamento: 28 agosto 2019", "it", ["changed 2019-08-28"]),
    ("Laatst bijgewerkt op 28 augustus 2019 om 21:38 uur", "nl", ["changed 2019-08-28T21:38:00"]),
    ("Publicerad 27 augusti 2019 kl 21.38", "sv", ["2019-08-27T21:38:00"]),
    ("Senast uppdaterad 28 augusti 2019", "sv", ["changed 2019-08-28"]),
    ("Julkaistu 27.8.2019 klo 21.38", "fi", ["2019-08-27T21:38:00"]),
    ("Opublikowano: 27 sierpnia 2019, godz. 21:38", "pl", ["2019-08-27T21:38:00"]),
    ("Ostatnia aktualizacja: 28 sierpnia 2019", "pl", ["changed 2019-08-28"]),
    ("Опубликовано 27 августа 2019 г., 21:38 МСК", "ru", ["2019-08-27T21:38:00+03:00"]),
    ("Обновлено 28 августа 2019", "ru", ["changed 2019-08-28"]),
    ("Τρίτη 27 Αυγούστου 2019, 9:38 μ.μ.", "el", ["2019-08-27T21:38:00"]),
    ("2019年8月27日 下午9:38", "zh", ["2019-08-27T21:38:00"]),
    ("2019년 8월 27일 오후 9:38", "ko", ["2019-08-27T21:38:00"]),
    ("Thứ Ba, 27/08/2019 21:38 (GMT+7)", "vi", ["2019-08-27T21:38:00+07:00"]),
])  # fmt: skip
def test_a_line_of_dates_says_which_is_of_publication(line: str, language: str, dates: list[str]) -> None:
    found = lines.read(line, None, language)

    assert [f"{'changed ' if each.said == 'changed' else ''}{each.date.iso}" for each in found] == dates


@cases("line", [
    "On June 3, 1998 it rained.", "27-29 August 2019", "27 August 2019 – 29 August 2019", "03/04/2019",
    "Born 27 August 2019", "Copyright 27 August 2019", "Deadline: 27 August 2019", "Accessed on 27 August 2019",
    "The talks of 27 August 2019", "Hiroshima, August 6, 1945, remembered", "Chapter 12, 27 August 2019",
    "August 2019", "2019", "21:38", "Version 2019.8.27", "Tel. 020 7946 0958", "1920x1080", "51.5074, -0.1278",
    "Mon–Fri 9.00–17.30", "Season 2018-2019", "27 August 2019 million", "10 out of 2019", "",
])  # fmt: skip
def test_other_lines_are_not_lines_of_dates(line: str) -> None:
    assert lines.read(line, None, "en") == []


@cases("form, seconds", [
    ("%d %B %Y %H.%M", False), ("%d %B %Y, %H:%M", False), ("%B %d, %Y at %I:%M %p", False),
    ("%d.%m.%Y, %H:%M Uhr", False), ("%d %b %Y %Hh%M", False), ("%Y-%m-%d %H:%M:%S", True),
    ("%I.%M%p, %d %B %Y", False), ("%H:%M %d %B %Y", False), ("%a %b %d %H:%M:%S %Y", True),
    ("%A %d %B %Y at %H:%M", False),
])  # fmt: skip
@examples(100, few=40)
@given(moment=MOMENTS)
def test_a_time_next_to_a_date_is_read(form: str, seconds: bool, moment: datetime) -> None:
    said = printed.find(moment.strftime(form))

    assert said == moment.replace(microsecond=0, second=moment.second if seconds else 0).isoformat()


@examples(100, few=40)
@given(MOMENTS, st.sampled_from(sorted(clock.ZONES)))
def test_a_zone_is_read_by_its_letters(moment: datetime, zone: str) -> None:
    wanted = f"{moment:%Y-%m-%dT%H:%M}:00{clock.ZONES[zone]}"

    assert printed.find(f"{moment:%a %d %b %Y %H.%M} {zone}") == wanted


@examples(100, few=40)
@given(MOMENTS, st.integers(-12 * 4, 14 * 4))
def test_an_offset_is_read(moment: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * abs(quarters))
    sign = "-" if quarters < 0 else "+"
    hours, minutes = divmod(offset // timedelta(minutes=1), 60)

    said = printed.find(f"{moment:%d %B %Y %H:%M} UTC{sign}{hours:02}:{minutes:02}")

    assert said == f"{moment:%Y-%m-%dT%H:%M}:00{sign}{hours:02}:{minutes:02}"


@cases("zone", [*sorted(clock.UNCLEAR), "XYZ"])
def test_a_zone_of_several_meanings_is_not_clear(zone: str) -> None:
    assert [each.clear for each in lines.read(f"27 August 2019 21:38 {zone}")] == [False]


@cases("tags, host, first", [
    (["en"], None, None), (["en-US"], "e.co.uk", False), (["en-GB"], None, True), (["en"], "e.co.uk", True),
    (["en"], "e.gov", False), (["de"], None, True), (["zh"], None, None), (["en_CA"], None, None), ([""], None, None),
    ([""], "e.ie", True),
])  # fmt: skip
def test_the_order_of_numbers_is_that_of_the_language_and_the_site(
    tags: list[str], host: str | None, first: bool | None
) -> None:
    assert order.day_first(tags, host) is first


def test_a_label_alone_says_what_the_next_line_is() -> None:
    assert lines.label("Last modified on:") == "changed"
    assert lines.label("Veröffentlicht am", "de") == "published"
    assert lines.label("The minister") == ""
    assert [each.said for each in lines.read("28 August 2019", said="changed")] == ["changed"]
