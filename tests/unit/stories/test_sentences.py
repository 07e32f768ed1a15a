import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitors.stories.sentences import bounds
from monitors.stories.words import cut

SIGNS = "aB1 .!?…。\n”\")(#'’-Aa가다日ทé।"


@pytest.mark.parametrize(
    "text",
    [
        # A bar stands where the next sentence begins.
        "Talks began. |They ended.",
        "Talks began! |Did they end? |Nobody knows…",
        "He said: “Talks began.” |They ended.",
        "He said: 'Talks began.' |They ended.",
        "(Talks began.) |They ended.",
        "“Did talks begin?” she asked.",
        "“Stop!” he cried. |Nobody did.",
        "“Stop!” |Nobody did.",
        "The deal (!) is off. |The (?) Korean deal is on.",
        "Yahoo! shares fell. |Yahoo rose.",
        "First line\n|Second line",
        "First line\n\n|Second line\r\n|third line",
        "First line\u2028|Second line",
        "No signs here at all",
        "The U.S. Navy sails. |It returns.",
        "The U.S.A. Team wins.",
        "J. Smith and J. R. R. Tolkien met. |They ate.",
        "John F. Kennedy spoke.",
        "Mr. Smith met Mrs. Jones, Dr. Who and Prof. X on Monday. |They talked.",
        "Gen. Lee, Sen. Cruz, Rep. Smith, Lt. Uhura and Col. Klink came.",
        "St. Petersburg is big. |No. 5 is alive.",
        "Did he agree? |No. |He left.",
        "See Fig. 3 and pp. 5 to 7, vol. 2. |Then go.",
        "Israel vs. Iran. |Iran vs. Israel.",
        "About approx. 500 came. |The dept. Head left.",
        "Lamps, chairs, etc. were sold. |All of them.",
        "She moved on. |He met On. Rossi and Hon. Kim. |They talked.",
        "It cost 3.5 million. |It is worth 1,000.50 now.",
        "In 2019. |In 2020.",
        "He was 12. |Then he grew.",
        "1. Open the door. |2. Close it.",
        "Wait ... and see. |Wait... |Then see.",
        "Wait… and see… |Then act.",
        "Visit example.org today. |Or www.example.com/news.html now.",
        "It runs on .NET and Node.js. |It works.",
        "Talks ended.|The ministers left.",
        "On Jan. 5 and Sept. 11 they met. |In Dec. |They parted.",
        "At 5 p.m. Monday they met. |They left.",
        "For example, e.g. Russia, i.e. Moscow. |And others.",
        "Apple sells. |iPhone sales rose. |eBay fell.",
        "AUKUS—the pact. |#AUKUS grows. |$5 is little. |5 ministers came.",
        "In #SouthKorea. |They talked.",
        "Version 2.0. |Then 3.0.",
        "Apple Inc. said so. |It is true.",
        "What?! |Really!!! |Yes.",
        "She left . |He stayed .",
        "A; B: c, d – e. |F.",
        "Plan B was dropped. |Plan C came.",
        # German
        "Am 3. Mai traf er Hrn. Meier. |Er ging.",
        "Im 21. Jahrhundert z. B. Berlin, d. h. die Stadt. |Ende.",
        "Rund 5 Mio. Euro bzw. 6 Mrd. Dollar. |Das ist viel.",
        "Vgl. Nr. 5. |Danach ca. 7 Uhr.",
        # French, Spanish, Italian, Portuguese, Dutch
        "M. Dupont et Mme. Durand, cf. Paris. |Ils partent.",
        "« Pourquoi ? » demande-t-il. |Il part. |Allons-y. |Vite !",
        "¿Habrá acuerdo? |¡Sí! |El Sr. Pérez y la Sra. López van a EE. UU. |Mañana.",
        "Il va à l’est. |Elle quiere ir. |Fin.",
        "La pág. 5 y el núm. Tres. |Fin.",
        "Il dott. Rossi e il Sig. Verdi. |Perché no? |Così è.",
        "O Sr. Silva e a Dra. Souza. |Fim.",
        "De dhr. Jansen en mevr. Bakker. |Klaar.",
        # Danish, Swedish
        "Han gik ud. |Regeringen viste sig. |Det sker.",
        "Det tar tid, sade hon. |Regeringen får dra. |Det var länge sen. |Nu.",
        # Polish, Russian, Greek, Armenian
        "Przy ul. Nowej. |Koniec.",
        "А. С. Пушкин жил на ул. Мойка. |Он умер. |Да!",
        "Стоит 5 млн. Рублей. |Это я. |Да.",
        "Τι είναι αυτό\u037e |Δεν ξέρω.",
        "Ήρθε η Ελλάδα; |Ναι.",
        "Երևան: |Լուրեր: |Վերջ",
        "Երևան։ |Լուրեր։ |Վերջ",
        # Arabic, Urdu, Hebrew
        "هل ينضم؟ |نعم. |لا! |وصل د. محمد.",
        "وہ آیا۔ |وہ گیا۔",
        "שלום. |מה שלומך? |טוב!",
        # Indic
        "वह आया। |वह गया॥ |डॉ. सिंह बोले। |क्या? |हाँ",
        "সে এল। |সে গেল।",
        "அவர் வந்தார். |அவர் போனார்.",
        # East Asian
        "首尔表示同意。|东京没有回应！|为什么？|不知道",
        "「参加する。」|大臣は述べた。|以上",
        "真的?|是的!|好",
        "협상을 시작했다. |서울은 답하지 않았다. |왜? |모른다.",
        "ソウル発｡|東京発",
        # South-East Asian, Ethiopic, Tibetan
        "กระทรวงแถลงว่า กำลังหารือ กับสหรัฐ",
        "ปี พ.ศ. ๒๕๖๗ และ ก.ย. นี้",
        "ข่าวแรก\n|ข่าวสอง",
        "ប្រទេស។ |កម្ពុជា៕ |ចប់",
        "မြန်မာ။ |နိုင်ငံ",
        "ሰላም። |እንዴት፧ |ደህና",
        "བོད་ཡིག། |བོད",
        "Cảm ơn. |Việt Nam ký. |Đúng không?",
        "Ankara imzaladı. |İstanbul bekliyor. |Çok güzel!",
    ],
)
def test_sentences_begin_at_the_bars(text):
    parts = text.split("|")
    plain = "".join(parts)
    counts = [len(cut(part).folded) for part in parts]
    starts = [sum(counts[:number]) for number in range(len(counts))]

    assert bounds(plain, cut(plain).spans) == starts


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(st.sampled_from(SIGNS))))
@example("")
@example("#aB. #Ab")
def test_sentences_begin_with_different_words_in_order(text):
    spans = cut(text).spans
    starts = bounds(text, spans)

    assert starts == sorted(set(starts))
    assert starts[:1] == [0][: len(spans)]
    assert all(start < len(spans) for start in starts)
    for start in starts[1:]:
        reached = max(end for _, end in spans[:start])
        assert text[reached : spans[start][0]]


@settings(deadline=None)
@given(st.text(st.sampled_from(SIGNS)), st.text(st.sampled_from(SIGNS)))
def test_a_line_break_always_parts_sentences(first, second):
    text = f"{first}\n{second}"
    words, rest = len(cut(first).folded), len(cut(second).folded)

    assert (words in bounds(text, cut(text).spans)) is (rest > 0)


@pytest.mark.parametrize(
    "text", ["A. " * 300_000, "a" + "." * 1_000_000 + " B", "「」a。" * 200_000]
)
def test_sentences_of_a_million_characters_are_told(text):
    assert bounds(text, cut(text).spans)[0] == 0
