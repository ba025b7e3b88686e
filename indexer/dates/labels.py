"""The words by which a date is introduced: of publication (`Posted on`), or of a change (`Last modified on`).

`PUBLISHED` and `CHANGED` find them in a line or in the class of an element; `label` reads the words before a date in a
line that has nothing else.
"""

from __future__ import annotations

import re

from search.text.date_words import TOKEN, DateWords, token_key

CHANGED = re.compile(
    r"updat|modif|edited|chang|revised|amended|corrected|reviewed|aktualis|bearbeit|änder|mise?[-_ ]?(?:a|à)[-_ ]?jour"
    r"|actuali|aggiorn|atualiz|bijgewerkt|gewijzigd|uppdater|ändrad|oppdater|endret|opdater|ændret|päivitet|muokat|güncel"
    r"|zaktualiz|aktualiz|upraveno|frissít|frissül|módosít|ažurir|posodobl|spremenj|обновл|изменен|оновлен|змінен|актуализ"
    r"|обновен|ενημερώ|atnaujin|atjaun|uuendat|muudet|uppfær|diweddar|تحديث|עודכן|更新|수정|업데이트|cập nhật"
)
"""Marks a date as that of a change, in a class or a line in lower case."""
PUBLISHED = re.compile(
    r"(?<![^\W_])(?:(?:first |date )?published|posted|publication date|date of publication|released|issued|written"
    r"|veröffentlicht|veröffentlichung|erschienen|erscheinungsdatum|erstellt|publiziert|verfasst|geschrieben|eingestellt"
    r"|publiée?|publication|mise? en ligne|postée?|parue?|publicad[oa]|publicación|publicação|postado|pubblicat[oa]"
    r"|pubblicazione|gepubliceerd|geplaatst|publicerad|publisert|publiceret|udgivet|julkaistu|opublikowan[oy]|publikacji"
    r"|publikováno|vydáno|publikované|megjelent|közzétéve|objavljeno|publicat|yayınlanma(?: tarihi)?|yayın tarihi"
    r"|опубликовано|опубліковано|публикации|публикувано|δημοσιεύθηκε|δημοσίευση|تاريخ النشر|نشر في|פורסם|发布时间"
    r"|发表于|發布|發表|公開日|掲載日|投稿日|게시일|등록|입력|(?:datum|date|fecha|data)(?=:|$))(?![^\W_])",
    re.IGNORECASE,
)
"""Words with which pages introduce the date of publication."""
_PUBLISHED_WORDS = """
published publishes publish publication posted released issued filed created written uploaded date dated dateline
veröffentlicht veröffentlichung veröffentlichungsdatum erschienen erscheinungsdatum erstellt publiziert verfasst
datum publié publiée posté postée paru parue ligne créé publicado publicada publicación fecha publicação data
postado pubblicato pubblicata pubblicazione gepubliceerd geplaatst verschenen publicerad publicerat publisert skapad
publiceret udgivet offentliggjort julkaistu julkaistiin opublikowano opublikowany opublikowana publikacji
publikováno vydáno publikované zverejnené megjelent közzétéve objavljeno objavljena publicat publicată yayınlanma
yayın tarihi tarih опубликовано опубликована публикации дата опубліковано публікації публикувано публикувана
δημοσιεύθηκε δημοσιεύτηκε δημοσίευση ημερομηνία paskelbta publicēts avaldatud birt cyhoeddwyd foilsithe النشر نشر
تاريخ פורסם 发布时间 发布于 发表于 發布 發表 公開日 掲載日 投稿日 게시일 등록 입력 đăng ngày
"""
_CHANGED_WORDS = """
changed change edited edit revised amended corrected reviewed stand bearbeitet überarbeitet geändert änderung jour
modifica modification bijgewerkt gewijzigd wijziging ändrad endret ændret muokattu upraveno módosítva spremenjeno
"""
_AROUND_WORDS = """
first originally initially last latest most recently online on at the this article story was web mis mise en
à al zuletzt letzte letztes ursprünglich erstmals dernière dernier première última último ultimo ultima
el la le il em op på às laatst laatste senast sist sidst viimeksi ostatnia ostatnio poslední utolsó posljednje
zadnje son последнее последняя останнє последна τελευταία pēdējo reizi viimati síðast آخر تم في в о
local time am um uhr kl den
"""
_PREFIXES = ("updat", "modif", "actualisé", "actualiza", "aktualisier", "aktualiz", "aggiorn", "atualiza", "uppdater",
    "oppdater", "opdater", "päivitet", "güncel", "zaktualiz", "frissít", "frissül", "ažurir", "posodobl", "обновл",
    "изменен", "оновлен", "змінен", "актуализ", "обновен", "ενημερώ", "atnaujin", "atjaun", "uuendat", "muudet",
    "uppfær", "diweddar", "تحديث", "التحديث", "עודכן", "更新", "最終更新", "수정", "업데이트")  # fmt: skip


_PUBLISHED_KEYS, _CHANGED_KEYS, _AROUND_KEYS = (
    frozenset(map(token_key, text.split())) for text in (_PUBLISHED_WORDS, _CHANGED_WORDS, _AROUND_WORDS)
)
_CHANGED_BEGINNINGS = tuple(map(token_key, _PREFIXES))


def label(text: str, words: DateWords) -> str | None:
    """Read the words before a date in a line of dates.

    Args:
        words: of the language of the text.

    Returns:
        `published` or `changed`; "" if they say neither; None if there are other words.
    """
    said = ""
    for key in map(token_key, TOKEN.findall(text)):
        if key.startswith(_CHANGED_BEGINNINGS) or key in _CHANGED_KEYS:
            said = "changed"
        elif key in _PUBLISHED_KEYS:
            said = said or "published"
        elif key not in _AROUND_KEYS and key not in words.weekdays and key not in words.between:
            return None
    return said
