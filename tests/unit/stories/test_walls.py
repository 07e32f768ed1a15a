"""A wall is known in several languages, and a report about walls is an article."""

import json

import pytest

from monitors.stories.page import NoText, Page, read_page
from monitors.stories.walls import Obstacle, declares_paid, led_away, wall_in, without_walls

HTML = "text/html; charset=utf-8"
LINK = "https://wire.example/world/talks"
TEASER = (
    "The defence ministers of the three countries met on Monday to speak about the work that"
    " is shared between their laboratories, and about who else might take part in it."
)
LONG = " ".join([TEASER] * 20)


def read(*paragraphs, head="", tail="", title="Ministers meet"):
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    markup = (
        f"<html><head><title>{title}</title>{head}</head><body><nav>Home</nav>"
        f"<article><h1>{title}</h1>{body}</article>{tail}</body></html>"
    )
    return read_page(markup.encode(), LINK, HTML)


def ld(**more):
    text = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **more})
    return f"<script type='application/ld+json'>{text}</script>"


CONSENT = [
    (
        "Before you continue to Wire. We use cookies and data to keep the service safe. If"
        " you choose “Accept all”, we will also use them to show ads to you. If you choose"
        " “Reject all”, we will not. You can change this at any time."
    ),
    (
        "We value your privacy. We and our 842 partners store information on your device,"
        " such as unique identifiers, and process what browsers send. You may accept or manage"
        " your choices below, also where legitimate interest is used. These choices will be"
        " told to our partners."
    ),
    (
        "Wir und unsere 213 Partner speichern Informationen auf Ihrem Gerät. Um diese Seite"
        " zu nutzen, können Sie mit Werbung weiterlesen. Ihre Privatsphäre ist uns wichtig."
        " Zustimmen und weiter. Sie können Ihre Entscheidung später ändern."
    ),
    (
        "Avec votre accord, nous et nos 155 partenaires utilisons des traceurs pour mesurer"
        " l'audience. Respectueux de votre vie privée, nous vous laissons le choix : accepter"
        " et continuer, ou continuer sans accepter."
    ),
    (
        "Valoramos tu privacidad. Nosotros y nuestros 98 socios almacenamos información en tu"
        " dispositivo y la tratamos para mostrar anuncios. Puedes aceptar y continuar, o"
        " gestionar tus preferencias en cualquier momento, como se explica más abajo en esta"
        " página."
    ),
    (
        "Noi e i nostri 60 partner archiviamo informazioni su un dispositivo. Rispettiamo la"
        " tua privacy: accetta e continua, oppure continua senza accettare e leggi gli annunci"
        " generici."
    ),
    (
        "Mit Ihrer Hilfe finanzieren wir uns: wir verwenden auf dieser Seite Cookies. Alle"
        " akzeptieren oder Datenschutzeinstellungen anpassen, das entscheiden Sie. Mehr steht"
        " im Impressum."
    ),
    "我们使用cookie改善体验。您可以接受所有cookie。",
]
LOGIN = [
    (
        "Log in to continue. Please enter your e-mail address. Forgot your password? Create"
        " an account to save stories and to follow the people who write them, on all of your"
        " devices, for free."
    ),
    "Connectez-vous pour lire. Mot de passe oublié ?",
    "로그인 후 이용해 주세요. 비밀번호 찾기",
]
CHALLENGE = [
    (
        "Verify you are human by completing the action below. The site needs to review the"
        " security of your connection before going on. Checking if the site connection is"
        " secure. Ray ID: 7f3a."
    ),
    (
        "Our systems have detected unusual traffic from your network. Are you a robot? Please"
        " complete the security check to go on. This helps us to keep the service available"
        " for everybody."
    ),
    "Ich bin kein Roboter.",
    "请完成安全验证",
]
SCRIPT = [
    "Please enable JavaScript to view this page.",
    (
        "This site requires JavaScript to work properly, and your browser is not supported."
        " Please enable JavaScript, or come back with a newer browser: they are free, and"
        " easily installed."
    ),
    "Veuillez activer JavaScript pour afficher cette page.",
    "Bitte aktivieren Sie JavaScript, um fortzufahren.",
]


@pytest.mark.parametrize(
    ("kind", "text"),
    [(Obstacle.CONSENT, text) for text in CONSENT]
    + [(Obstacle.LOGIN, text) for text in LOGIN]
    + [(Obstacle.CHALLENGE, text) for text in CHALLENGE]
    + [(Obstacle.SCRIPT, text) for text in SCRIPT],
)
def test_a_wall_is_no_article(kind, text):
    markup = f"<html><head><title>Wire</title></head><body><div><p>{text}</p></div></body></html>"

    found = read_page(markup.encode(), LINK, HTML)

    assert isinstance(found, NoText), found
    assert (found.kind, found.teaser) == (kind, None)


ABOUT_WALLS = [
    (
        "The regulator fined the company 40 million euros over its cookie banner. Consent was"
        " not free, it said, because “Reject all” was hidden behind two menus while “Accept"
        " all” was not. “We value your privacy” was a joke, said the privacy group whose"
        " partners had complained."
    ),
    (
        "Readers will have to log in from March, the paper announced. Subscribers told its"
        " editor that they had forgotten their passwords, and 4,000 of them wrote to say so"
        " within a day."
    ),
    (
        "A flaw in the captcha of a bank let robots pass as people, researchers said. The"
        " browser told them so itself: JavaScript is to blame, and it will be mended on"
        " Friday."
    ),
    (
        'The page said "Before you continue" and "We and our partners", and 93 of 100 people'
        " agreed within a second, a study of consent in nine countries found."
    ),
    (
        "Die Zeitungen wollen Leser künftig zahlen lassen oder ihre Zustimmung zu Werbung"
        " verlangen. Das Gericht hält das für zulässig, solange die Einwilligung freiwillig"
        " bleibt."
    ),
    (
        "The authority has told four of the largest news sites to change how they ask visitors"
        " for permission to follow them. Each of them asks for your consent as soon as a page"
        " opens, but hides the button to refuse, it found after a year of tests. A lawyer said"
        " that the decision would be taken to court, and that any site that uses cookies to pay"
        " for its reporting would be hit."
    ),
    (
        "Thieves have emptied the accounts of forty customers of the bank with a page that looks"
        " like its own, police said. The message leads to a page on which customers have to log"
        " in to continue. A link that reads forgot your password leads to the thieves as well."
        " The bank said that it would pay the losses, and that it never sends such links."
    ),
    (
        "Verlage dürfen Leser vor die Wahl stellen, ob sie ein Abo kaufen oder mit Werbung"
        " weiterlesen, entschied das Gericht. Viele Seiten holen die Einwilligung ein, indem sie"
        " schreiben, wir verwenden Cookies. Das reiche nicht, sagte die Richterin. Der Verband"
        " will Berufung einlegen."
    ),
    "AUKUS: Pillar 2 opens to Japan.",
]


@pytest.mark.parametrize("text", ABOUT_WALLS)
def test_a_report_about_walls_is_an_article(text):
    assert read(text) == Page(text=text, title="Ministers meet")


def test_a_long_article_is_one_whatever_it_says():
    text = f"{LONG} We value your privacy. We use cookies. Subscribe to continue reading."

    assert read(text, head=ld(isAccessibleForFree=False)).text == text


def test_the_title_of_a_challenge_tells_it():
    assert wall_in("Enable it and come back.", "Just a moment...") is Obstacle.CHALLENGE
    assert wall_in(LONG[:1_500], "Just a moment...") is None
    assert wall_in("Enable it and come back.", "Just a moment of peace") is None


def test_a_page_that_says_only_without_scripts_what_it_wants_is_told_apart():
    markup = (
        "<html><body><div id=root></div><noscript>You need to enable JavaScript to run this"
        " app.</noscript><script src=/app.js></script></body></html>"
    )

    assert read_page(markup.encode(), LINK, HTML).kind is Obstacle.SCRIPT


def test_a_page_that_asks_for_a_password_and_has_no_text_is_a_login():
    form = "<form><input name=user><input type=password><button>Go</button></form>"

    assert read(tail=form).kind is Obstacle.LOGIN
    assert isinstance(read(TEASER, tail=form), Page)


# Paywalls: what stands in front of them is read

PAYWALLS = [
    "Subscribe to continue reading.",
    "To continue reading, sign up for a free trial.",
    "This article is for subscribers only.",
    "Already a subscriber? Log in.",
    "You've reached your limit of free articles.",
    "Abonnez-vous pour lire la suite.",
    "Cet article est réservé aux abonnés.",
    "Il vous reste 78,5% de cet article à lire.",
    "Nur für Abonnenten.",
    "Jetzt weiterlesen mit Wire Plus.",
    "Suscríbete para seguir leyendo.",
    "Contenuto riservato agli abbonati.",
    "Conteúdo exclusivo para assinantes.",
    "この記事は会員限定です。",
    "유료회원 전용 기사입니다.",
    "订阅后阅读全文",
]


@pytest.mark.parametrize("offer", PAYWALLS)
@pytest.mark.parametrize("inside", [True, False])
def test_what_stands_before_a_paywall_is_a_teaser(offer, inside):
    found = read(TEASER, offer) if inside else read(TEASER, tail=f"<div><p>{offer}</p></div>")

    assert isinstance(found, NoText), found
    assert found.kind is Obstacle.PAYWALL
    assert found.teaser == Page(text=TEASER, title="Ministers meet")


@pytest.mark.parametrize(
    "declared",
    [
        {"isAccessibleForFree": False},
        {"isAccessibleForFree": "False"},
        {"isAccessibleForFree": "http://schema.org/False"},
        {"@graph": [{"@type": "WebSite"}, {"isAccessibleForFree": "false"}]},
        {"hasPart": {"isAccessibleForFree": False, "cssSelector": ".paid"}},
    ],
)
def test_a_page_may_declare_its_paywall(declared):
    found = read(TEASER, head=ld(**declared))

    assert (found.kind, found.teaser.text) == (Obstacle.PAYWALL, TEASER)


@pytest.mark.parametrize(
    "script",
    ["", "{", "[" * 100_000, '{"isAccessibleForFree": true}', '"False"', "x" * 400_000, "null"],
)
def test_other_declarations_say_nothing(script):
    assert not declares_paid([script])


def test_a_paywall_with_nothing_before_it_has_no_teaser():
    found = read("Subscribe to continue reading.")

    assert (found.kind, found.teaser) == (Obstacle.PAYWALL, None)


def test_only_paragraphs_that_are_a_walls_from_end_to_end_go():
    mixed = f"{TEASER} Subscribe to continue reading."

    assert without_walls([TEASER, "We use cookies. See our cookie policy.", mixed]) == (
        TEASER,
        mixed,
    )


# Where a link leads to


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (LINK, None),
        ("https://www.wire.example/world/talks?utm_source=x", None),
        ("https://wire.example/world/talks-of-ministers", None),
        ("https://other.example/2026/talks", None),
        ("https://wire.example/", Obstacle.GONE),
        ("https://consent.wire.example/v2/collect?id=1", Obstacle.CONSENT),
        ("https://wire.example/consent?back=%2Fworld%2Ftalks", Obstacle.CONSENT),
        ("https://wire.example/login?next=/world/talks", Obstacle.LOGIN),
        ("https://accounts.wire.example/x", Obstacle.LOGIN),
        ("https://wire.example/subscribe", Obstacle.PAYWALL),
        ("https://wire.example/captcha", Obstacle.CHALLENGE),
        ("https://wire.example/world/subscribers-flee", None),
        ("nonsense", None),
    ],
)
def test_where_a_link_leads_to_may_tell(address, kind):
    assert led_away(LINK, address) is kind


def test_a_link_that_leads_there_by_itself_was_meant():
    assert (
        led_away("https://login.example/subscribe/1", "https://login.example/subscribe/2") is None
    )
    assert led_away("https://wire.example/", "https://other.example/") is None
