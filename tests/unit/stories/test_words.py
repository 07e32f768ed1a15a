import unicodedata
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitors.stories import words
from monitors.stories.words import cut, exact, folded, key, spelled

# Letters that compose, decompose, fold, join or vanish, next to those that do not.
ODD = (
    "aéÉUS.'’ʼs2,\u0301\u0327\u3099がｶﾞか한국ᄒ\u11abйи\u0306日本ประ\u200b\u00ad -"
    "İßﬁøΣσςᾳ\ufe0f\u20e3ဦŉ½①²ªΌ#＃KoréaAUѐё٣٬٫०أآا\u0654\u064eـىیשּ\u05b8ำํา้ທຳក្រမြ္က၂ǅᾼ`"
)
SPACES = "".join(char for char in map(chr, range(0x10000)) if char.isspace())
TEXTS = st.one_of(st.text(), st.text(st.sampled_from(ODD)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AUKUS’s second pillar", "aukus second pillar"),
        ("AUKUS's U.S.’s BOSS'S", "aukus u.s boss"),
        ("ministers’ talks", "ministers talks"),
        ("’s 's ʼs", "s s s"),
        ("O’Brien, l’OTAN", "o brien l otan"),
        ("Pillar-2 Pillar‑2 Pillar–2 Pillar/2", "pillar 2 pillar 2 pillar 2 pillar 2"),
        ("phase. two – “Pillar 2”,", "phase two pillar 2"),
        ("min­ister Pil\u200blar \u2060AUKUS", "minister pillar aukus"),
        ("The ﬁnance", "the finance"),
        ("ＡＵＫＵＳ　２", "aukus 2"),
        ("Pillar 2️⃣ 한", "pillar 2 ^한"),
        ("U.S. U.S.A. a.m. Inc. e.g.,", "u.s usa a.m inc e.g"),
        ("plan B.The end.", "plan b the end"),
        ("1,000 1000 3.5 1,000,000.5 12", "1000 1000 3.5 1000000.5 12"),
        ("São Łódź Øre Æon", "sao lodz ore aeon"),
        ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("Αθήνα ΑΘΗΝΑ", "αθηνα αθηνα"),
        ("йод ёлка ИОД", "йод елка иод"),
        ("हिन्दी में", "हिन्दी में"),
        ("#AUKUS @aukus snake_case", "aukus aukus snake case"),
        ("«AUKUS», (AUKUS); AUKUS™", "aukus aukus aukus"),
        ("محادثات أوكوس", "محادثات اوكوس"),
        ("\u202bשלום\u202c עולם", "שלום עולם"),
        ("日本は", "日 本 は"),
        ("ガｶﾞ", "ガ ガ"),
        ("ที่", "ที่"),
        ("한국은 AUKUS와", "^한 국 은 aukus ^와"),
        ("新한국", "新 ^한 국"),
        ("😀 … – 🇰🇷", ""),
    ],
)
def test_words_are_cut_and_folded(text, words):
    assert key(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("U.S.A. and A.U.K.U.S., N.A.T.O.’s", "usa and aukus nato"),
        ("U.S.A U.S. E.U. a.k.a. J.R.R. Tolkien", "usa u.s e.u aka jrr tolkien"),
        ("С.Ш.А. Ο.Η.Ε. É.T.A.", "сша οηε eta"),
        ("भा.ज.पा. की बैठक", "भाजपा की बैठक"),
        ("1.2.3 v1.2.3 www.a.b.c", "1.2.3 v1 2.3 www a b c"),
        ("#SouthKorea talks", "southkorea south korea talks"),
        ("#AUKUSPact, (#COP30Talks)", "aukuspact aukus pact cop30talks cop30 talks"),
        ("#aukus #AUKUS #Aukus2 #NGOs #Rs", "aukus aukus aukus2 ngos rs"),
        ("＃SouthKorea’s ﹟G20Summit", "southkorea south korea g20summit g20 summit"),
        ("#2024Election #5GRollout", "2024election 2024 election 5grollout 5g rollout"),
        ("#ÜberMünchen #ЮжнаяКорея", "ubermunchen uber munchen южнаякорея южная корея"),
        ("#UNReports #USs #F35s", "unreports un reports uss f35s"),
        ("SouthKorea # SouthKorea @SouthKorea", "southkorea southkorea southkorea"),
        ("#South_Korea #كوريا_الجنوبية", "south korea كوريا الجنوبية"),
        ("#东盟Summit #مصر", "东 盟 summit مصر"),
        ("٢٠٢٤ २०२४ ๒๕๖๗ ২০২৪ ၂၀၂၄ ໒໐ ២០ ۱۲", "2024 2024 2567 2024 2024 20 20 12"),
        ("١٬٠٠٠ ٣٫٥ १,००० 1,00,000 12,34,567.5", "1000 3.5 1000 100000 1234567.5"),
        ("ปี๒๕๖๗ 2024年 m² H₂O", "ปี 2567 2024 年 m2 h2o"),
    ],
)
def test_initials_hashtags_and_numbers(text, words):
    assert key(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("مُحَمَّد محمد مـحـمـد", "محمد محمد محمد"),
        ("أوكوس إوكوس آوكوس ٱوكوس", "اوكوس اوكوس اوكوس اوكوس"),
        ("مستشفى علی کابل", "مستشفي علي كابل"),
        ("مسؤول رئيس جزيرة", "مسؤول رئيس جزيرة"),
        ("ﻣﺼﺮ ﷲ", "مصر الله"),
        ("می‌شود ـ", "ميشود ـ"),
        ("שָׁלוֹם שלום בְּרֵאשִׁית", "שלום שלום בראשית"),
        ('צה״ל צה"ל תל־אביב', "צה ל צה ל תל אביב"),
        ("Росси́я Королёв ЁЛКА", "россия королев елка"),
        ("ў ѓ ќ ї ґ", "ў ѓ ќ ї ґ"),
        ("здоров’я здоров'я здоровʼя", "здоров я здоров я здоров я"),
        ("Oʻzbekiston O‘zbekiston O'zbekiston", "o zbekiston o zbekiston o zbekiston"),
        ("AUKUS`s AUKUS´s AUKUS‘s AUKUSʼs", "aukus aukus aukus aukus"),
        ("ὈΔΥΣΣΕΎΣ Ὀδυσσεύς σοφός", "οδυσσευσ οδυσσευσ σοφοσ"),
        ("DİYARBAKIR Diyarbakır", "diyarbakir diyarbakir"),
        ("Việt Nam, Điện Biên Phủ", "viet nam dien bien phu"),
        ("Zażółć gęślą jaźń", "zazolc gesla jazn"),
        ("Þór Reykjavík Tórshavn", "thor reykjavik torshavn"),
        ("Əliyev Đoković ŽIŽEK", "əliyev dokovic zizek"),
        ("L·l col·lecció", "l l col leccio"),
        ("क़ानून क\u093cानून", "क\u093cानून क\u093cानून"),
        ("क्\u200dष क्ष", "क्ष क्ष"),
        ("বাংলাদেশ தமிழ் తెలుగు ಕನ್ನಡ മലയാളം", "বাংলাদেশ தமிழ் తెలుగు ಕನ್ನಡ മലയാളം"),
        ("ගිවිසුම አማርኛ Հայաստան საქართველო", "ගිවිසුම አማርኛ հայաստան საქართველო"),
        ("น้ำ ทำ ก็", "น้\u0e4dา ท\u0e4dา ก็"),
        ("น้\u0e4dา ນ້ຳ ນ້\u0ecdາ", "น้\u0e4dา ນ້\u0ecdາ ນ້\u0ecdາ"),
        ("ປະເທດ", "ປ ະ ເ ທ ດ"),
        ("ខ្មែរ ក្រុង", "ខ្មែ រ ក្រុ ង"),
        ("မြန်မာ ဗုဒ္ဓ", "မြ န် မာ ဗု ဒ္ဓ"),
        ("ฮ\u200bา ไทย\u200bรัฐ", "ฮ า ไ ท ย รั ฐ"),
        ("韓國 韩国 々", "韓 國 韩 国 々"),
        ("ﾆｭｰｽ ニュース", "ニ ュ ー ス ニ ュ ー ス"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "^한 국"),
        ("a\u00a0b\u202fc\u3000d\u2028e\u2029f\u0085g", "a b c d e f g"),
        ("AUKUS🤝Korea 👩‍🚀", "aukus korea"),
        ("AT&T’s R&D", "at t r d"),
        ("AUKUS—Korea−Japan⁃Quad", "aukus korea japan quad"),
        ("‘AUKUS’ “AUKUS” ‚AUKUS‘ „AUKUS“ ‹AUKUS›", "aukus aukus aukus aukus aukus"),
        ("ﬀ ﬄ ﬆ Ǆ", "ff ffl st dz"),
    ],
)
def test_scripts_and_typography(text, words):
    assert key(text) == words


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("See #SouthKorea’s", "see southkorea south korea", "See SouthKorea South Korea"),
        ("#e\u0301taE\u0301tat", "etaetat eta etat", "e\u0301taE\u0301tat e\u0301ta E\u0301tat"),
        ("#A\u00adBCorea", "abcorea ab corea", "A\u00adBCorea A\u00adB Corea"),
        ("#COP30s", "cop30s", "COP30s"),
    ],
)
def test_the_parts_of_a_hashtag_stand_inside_it(text, words, shown):
    cuts = cut(text)

    assert " ".join(cuts.folded) == words
    assert " ".join(text[start:end] for start, end in cuts.spans) == shown


def test_a_hashtag_of_a_rule_is_one_word():
    assert cut("#SouthKorea ＃AUKUSPact", hashtags=False).folded == ("southkorea", "aukuspact")
    assert cut("#SouthKorea", hashtags=False).spans == ((1, 11),)


@settings(deadline=None)
@given(TEXTS.filter(lambda text: "|" not in text))
def test_words_are_the_same_where_a_sign_parts_them(text):
    # A plain word alone between spaces is cut in a shorter way.
    assert folded(text) == folded("|".join(f"|{text}|".split()))


@settings(deadline=None)
@given(TEXTS)
@example("É.U. est là")
@example("한국은")
@example("が")
def test_composed_and_decomposed_letters_are_the_same(text):
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)

    assert cut(composed).folded == cut(decomposed).folded


@settings(deadline=None)
@given(TEXTS)
@example("\u200bʼs")
def test_spans_are_not_empty_and_follow_one_another(text):
    cuts = cut(text, hashtags=False)
    edges = [edge for span in cuts.spans for edge in span]

    assert len(cuts.spans) == len(cuts.folded)
    assert all(start < end for start, end in cuts.spans)
    assert edges == sorted(edges)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(SPACES))))
def test_no_word_depends_on_what_stands_beyond_a_space(parts):
    text = "".join(chain.from_iterable(parts))
    alone = [cut(part).folded for part in text.split()]

    assert cut(text).folded == tuple(chain.from_iterable(alone))


@settings(deadline=None)
@given(TEXTS)
@example("Aʼs\u200bʼs")
@example("한국은 U.S.’s Ｃａｆé 1,000")
def test_folded_and_spelled_words_are_those_of_the_spans(text):
    cuts = cut(text)
    raw = [text[start:end] for start, end in cuts.spans]

    assert tuple(folded(text)) == cuts.folded
    assert spelled(text) == [exact(each) for each in raw]
    # A syllable inside a Korean word is the start of one when it stands alone.
    assert [key(each).lstrip("^") for each in raw] == [word.lstrip("^") for word in cuts.folded]


@pytest.mark.parametrize("text", ["AUKUS aukus AUKUS’s", "1,000 1000", "é É e\u0301"])
def test_equal_words_are_one_object(text):
    assert len({id(word) for word in folded(text)}) == 1


@settings(deadline=None)
@given(st.text())
def test_every_letter_and_digit_of_a_rule_can_be_found(text):
    found = [char for char in text if char.isalnum() and char not in "ʻʼ"]

    assert bool(cut(text).folded) or not found
    assert all(cut(text).folded)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x24F)))
def test_scripts_elsewhere_in_a_text_do_not_change_how_latin_is_cut(text):
    assert cut(f"{text} 日").folded == (*cut(text).folded, "日")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“AUKUS’s”", "AUKUS"),
        (" AUKUS\u200b\u200b.", "AUKUS"),
        ("A\u00adUKUS’s", "A\u00adUKUS"),
        ("AUKUS\u200b’s", "AUKUS"),
        ("U.S.’s", "U.S."),
        ("İstanbul!", "İstanbul"),
        ("e\u0301tat", "e\u0301tat"),
    ],
)
def test_a_span_is_what_a_reader_sees_of_the_word(text, shown):
    cuts = cut(text)
    start, end = cuts.spans[0]

    assert text[start:end] == shown


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("ROK", "ROK"),
        ("rok", "rok"),
        ("ROK’s", "ROK"),
        ("U.S.", "U.S"),
        ("São", "São"),
        ("Sa\u0303o", "São"),
        ("R\u00adOK", "ROK"),
        ("U.S.A.", "USA"),
        ("N.A.T.O.’s", "NATO"),
        ("e.g.", "e.g"),
        ("3.5", "3.5"),
        ("أوكـــوس", "أوكوس"),
        ("ـ", "ـ"),
        ("ＲＯＫ", "ROK"),
        ("Straße", "Straße"),
    ],
)
def test_exact_words_keep_case_and_accents_only(raw, word):
    assert exact(raw) == word


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("aukus " * 200_000, 200_000),
        ("a" * 1_000_000, 1),
        ("a.b." * 250_000, 1),
        ("1,1." * 250_000, 1),
        ("a" + "\u200b" * 1_000_000, 1),
        ("ʼ\u200b" * 500_000, 0),
        ("ʼs" * 500_000, 250_000),
        ("ก\u200b" + "\u0e48\u200b" * 500_000, 1),
        ("#" + "aA" * 500_000, 500_002),
        ("日" * 1_000_000, 1_000_000),
        ("'s" * 500_000, 250_000),
        ("." * 1_000_000, 0),
    ],
)
def test_texts_of_a_million_characters_are_cut(text, count):
    assert len(cut(text).folded) == count


def test_long_junk_words_are_folded_like_others():
    assert cut("Ab" * 100).folded == ("ab" * 100,) == cut("aB" * 100).folded


def test_what_is_remembered_of_words_does_not_grow_for_ever():
    junk = [f"w{number}" for number in range(words._MEMO_LIMIT + 5)]

    assert folded(" ".join(junk)) == junk
    assert len(words._folded) <= words._MEMO_LIMIT
    assert folded("a" * 100) == ["a" * 100]
    assert "a" * 100 not in words._folded
