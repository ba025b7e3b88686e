"""The words before a date, in many languages."""

from __future__ import annotations

from indexer.dates import labels
from search.text import date_words
from tests.cases import cases

PUBLISHED = [
    "Published", "First published", "Date published:", "Posted on", "Released", "Date", "This article was published on",
    "Veröffentlicht am", "Erschienen", "Datum:", "Publié le", "Mis en ligne le", "Publicado el", "Publicada em",
    "Pubblicato il", "Gepubliceerd op", "Publicerad", "Publisert", "Udgivet", "Julkaistu", "Opublikowano",
    "Publikováno", "Objavljeno", "Yayınlanma tarihi", "Опубликовано", "Δημοσιεύθηκε", "نشر في", "פורסם", "发布时间",
    "掲載日", "게시일", "Đăng ngày",
]  # fmt: skip
CHANGED = [
    "Updated", "Last updated on", "Last modified", "Edited", "Changed", "First published, last changed on",
    "Aktualisiert am", "Zuletzt bearbeitet", "Stand", "Mis à jour le", "Dernière modification", "Actualizado el",
    "Última actualización", "Aggiornato il", "Atualizado em", "Bijgewerkt op", "Uppdaterad", "Oppdatert", "Päivitetty",
    "Zaktualizowano", "Upraveno", "Módosítva", "Обновлено", "Оновлено", "Ενημερώθηκε", "تحديث", "עודכן", "更新", "수정",
    "업데이트",
]  # fmt: skip


@cases("text", PUBLISHED)
def test_words_of_publication_are_read(text: str) -> None:
    assert labels.label(text, date_words.words()) == "published"


@cases("text", CHANGED)
def test_words_of_a_change_are_read_and_go_before_those_of_publication(text: str) -> None:
    assert labels.label(text, date_words.words()) == "changed"
    assert labels.label(f"Published, {text}", date_words.words()) == "changed"
    assert labels.label(f"{text}, published", date_words.words()) == "changed"


@cases("text", ["", "on", "Monday", "the", "Originally", "den", "– "])
def test_words_that_stand_around_say_neither(text: str) -> None:
    assert labels.label(text, date_words.words()) == ""
    assert labels.label("On Monday, the", date_words.words()) == ""
    assert labels.label("first – local time", date_words.words()) == ""


@cases("text", ["zebras", "Published zebras", "Updated by zebras on", "on the 3rd floor of zebras"])
def test_any_other_word_is_no_label(text: str) -> None:
    assert labels.label(text, date_words.words()) is None


@cases("text", ["updated", "modified", "entry-edited", "last-changed", "mise-à-jour", "cập nhật lúc"])
def test_a_change_is_marked_in_a_class_or_a_line(text: str) -> None:
    assert labels.CHANGED.search(text)
    assert not labels.PUBLISHED.search(text)


@cases("text, found", [
    ("published", True), ("First published 3 May", True), ("PUBLISHED", True), ("unpublished", False),
    ("publishedness", False), ("date: 3 May", True), ("date", True), ("date of birth", False), ("data:", True),
    ("mise en ligne", True), ("입력 2019", True), ("republished", False), ("posted_on", True),
])  # fmt: skip
def test_a_word_of_publication_is_a_whole_word(text: str, found: bool) -> None:
    assert bool(labels.PUBLISHED.search(text)) is found
