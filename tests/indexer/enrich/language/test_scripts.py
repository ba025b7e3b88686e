from __future__ import annotations

from indexer.enrich.language import MIN_BEYOND_LATIN, enrich, scripts
from search import Article
from search.names.vocabulary import vocabulary
from tests.cases import cases


@cases("text, language", [
    ("首相は十四日、石油価格の高騰を受けて緊急対策をまとめると発表した。与野党は協議を続ける。", "ja"),
    ("カタカナ", "ja"), ("東京で地震", "ja"),
    ("대통령은 오늘 대책을 발표했다.", "ko"), ("นายกรัฐมนตรี", "th"), ("Νέα μέτρα", "el"), ("ראש הממשלה", "he"),
    ("די רעגירונג האָט געזאָגט", "yi"), ("בְּרֵאשִׁית בָּרָא אָדָם", "he"), ("პრემიერი", "ka"), ("வணக்கம்", "ta"),
    ("Samsung 전자의 새로운 전화기", "ko"),
])  # fmt: skip
def test_a_script_of_one_language_settles_it_at_any_length(text: str, language: str) -> None:
    assert enrich(Article("a", text)).language == language


@cases("text, language", [
    ("中国总理周四在北京会见了德国总理，讨论贸易问题。", "zh"),
    ("أعلن رئيس الوزراء إجراءات جديدة", "ar"),
    ("وزیراعظم نے نئے اقدامات کا اعلان کیا ہے", "ur"),
    ("Прем'єр-міністр оголосив про нові заходи", "uk"),
    ("Министр иностранных дел прибыл в Москву на переговоры", "ru"),
    ("প্রধানমন্ত্রী নতুন পদক্ষেপ ঘোষণা করেছেন", "bn"),
    ("प्रधानमंत्री ने कहा कि सरकार किसानों के लिए नई योजना लाएगी और उन्हें मदद दी जाएगी", "hi"),
])  # fmt: skip
def test_a_short_text_beyond_the_latin_script_has_a_language_if_the_model_is_sure(text: str, language: str) -> None:
    assert enrich(Article("a", text)).language == language


@cases("text", [
    "Talks in Berlin", "Ω", "2 Ω", "北京", "The α and β of it", "x = α + β + γ + δ", "∑ΔΩ μΩ kΩ", "Новости",
    "中" * (MIN_BEYOND_LATIN - 1), "",
])  # fmt: skip
def test_what_may_be_in_several_languages_has_none(text: str) -> None:
    assert enrich(Article("a", text)).language is None


def test_a_word_in_another_script_does_not_make_the_language() -> None:
    english = "The minister said Ελλάδα in a speech about oil prices and trade in the capital, which is a long way off."

    assert scripts.language(english) is None
    assert scripts.language("优の良品是一个在中国很受欢迎的零食品牌在各地都有商店") is None


@cases("quoted", [
    "Νέα μέτρα για την οικονομία ", "ראש הממשלה אמר היום ", "大統領は今日発表した。", "นายกรัฐมนตรี", "대통령은 오늘 ",
])  # fmt: skip
def test_a_quotation_at_the_beginning_does_not_make_the_language(quoted: str) -> None:
    english = "Oil prices rose again, a ministry spokesman told reporters in London, and traders expect more of that. "

    assert enrich(Article("a", 5 * quoted)).language not in ("en", None)
    assert enrich(Article("a", 5 * quoted + 7 * english)).language == "en"


def test_each_language_of_a_script_is_known() -> None:
    assert vocabulary("language").entries.keys() >= {*scripts.SCRIPTS, "yi"}
