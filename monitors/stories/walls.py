"""What stands between a program and an article: consent, paywalls, logins, checks for robots.

A wall speaks to its reader, and a report about walls speaks of them: so what counts is what
a page says to *you*, outside quotation marks, and only where little else is said.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from urllib.parse import urlsplit

from monitors.stories.links import canonical, is_front_page


class Obstacle(Enum):
    """Why a page shows no article, or not all of it."""

    EMPTY = "empty"  # there is none, or it cannot be read
    CONSENT = "consent"
    PAYWALL = "paywall"
    LOGIN = "login"
    CHALLENGE = "challenge"  # it asks whether a person is reading
    SCRIPT = "script"  # it shows its text only to browsers
    GONE = "gone"  # another page came instead


MESSAGES = {
    Obstacle.EMPTY: "no article was found on it",
    Obstacle.CONSENT: "it asks for consent instead of showing the article",
    Obstacle.PAYWALL: "it is behind a paywall",
    Obstacle.LOGIN: "it asks for a login instead of showing the article",
    Obstacle.CHALLENGE: "it asks whether a person is reading",
    Obstacle.SCRIPT: "it shows its text only to browsers that run scripts and ads",
    Obstacle.GONE: "it leads to the front page of its site instead",
}
# What is longer is an article, whatever else it says.
LONGEST_WALL = 3_000
# A wall so short needs to say only one thing.
_SHORT_WALL = 200
_MOST_OTHER_WORDS = 0.7
_SHORT_SENTENCE = 25
# A wall comes to the point: what stands further back in a sentence is reported.
_TO_THE_POINT = 50
_SENTENCE_END = re.compile(r"(?<=[.!?。！？…])\s+|(?<=[。！？])|\n+")  # noqa: RUF001 -- of other scripts
_QUOTED = re.compile(
    r"“[^”]{1,300}”|\"[^\"]{1,300}\"|«[^»]{1,300}»|„[^“”]{1,300}[“”]|「[^」]{1,300}」"
)

# One a line, with the languages one after the other.
_SAYS = {
    Obstacle.CONSENT: r"""
        before you continue\b
        we (value|care about|respect) your privacy
        your privacy (matters|is important)
        \bwe and our (\d+ )?(\w+ )?partners
        \bwe use cookies
        \buses cookies to\b
        asks? (you )?for your consent
        (give|withdraw|manage) your consent
        (manage|set) your (cookie |privacy )?(preferences|choices|settings)
        your privacy choices
        see our (privacy|cookie) policy
        by clicking .{0,40}\b(accept|agree)
        \bwir (und unsere (\d+ )?partner|(verwenden|nutzen|setzen) .{0,20}cookies)
        (geben|erteilen|widerrufen) sie (uns )?ihre (zustimmung|einwilligung)
        \bihre privatsphäre ist uns
        (wir (brauchen|benötigen)|um) ihre (zustimmung|einwilligung)
        (mit|weiter mit) werbung (lesen|weiterlesen)
        zustimmen (und|&) weiter
        datenschutz-?einstellungen (anpassen|verwalten)
        (nous|et) nos (\d+ )?partenaires
        votre (vie privée|consentement)
        continuer sans accepter
        accepter et (continuer|fermer)
        gérer (vos|mes) (choix|préférences|cookies)
        aceptar y continuar
        valoramos (tu|su) privacidad
        nosotros y nuestros (\d+ )?socios
        (gestionar|configurar) (sus|tus|las|mis) (preferencias|cookies)
        accetta e (continua|chiudi)
        continua senza accettare
        noi e i nostri (\d+ )?partner
        (tua|vostra) privacy
        valorizamos a sua privacidade
        aceitar e continuar
        nós e os nossos (\d+ )?parceiros
        wij en onze (\d+ )?partners
        wij gebruiken cookies
        my i nasi (\d+ )?partnerzy
        dbamy o (twoją|państwa) prywatność
        przejdź do serwisu
        vi (och|og) (våra|vores|våre) (\d+ )?\w*partner
        мы используем (файлы )?cookie
        cookieの使用に同意
        同意して(続ける|進む)
        쿠키 (사용|수집).{0,12}동의
        我们使用.{0,4}cookie
        我們使用.{0,4}cookie
    """,
    Obstacle.PAYWALL: r"""
        (subscribe|register|sign up)( now| today| for free)? to (continue|keep|go on|read)\b
        to (continue|keep) reading,? (please )?(subscribe|register|sign|log|create|become|start)
        (this|the full) (article|story|content) is .{0,20}(for|to) (our )?(\w+ )?(subscrib|memb)ers
        (already|not) (a|yet a) (subscriber|member)\?
        you('ve| have) (reached|read) your .{0,30}free articles?
        (subscriber|member)-only (article|story|content)
        abonnez-vous pour
        (article|contenu) (est )?réservé (à nos|aux) abonnés
        déjà abonné
        il vous reste .{0,12}% de cet article
        nur für abonnent
        (artikel|inhalt) ist (nur )?(für )?abonnent
        jetzt weiterlesen mit
        sie haben bereits ein abo
        weiterlesen mit .{0,20}(abo|plus)\b
        suscr[ií]b[ae](te|se) para (seguir|continuar|leer)
        (exclusivo|solo) para suscriptores
        (riservato|solo per) (agli |gli )?abbonati
        abbonati per (continuare|leggere)
        (exclusivo|só) para assinantes
        assine para (ler|continuar)
        (alleen|enkel) voor abonnees
        tylko dla (subskrybentów|prenumeratorów)
        только (для|по) подпис
        оформите подписку, чтобы
        (유료|구독) ?(회원|자) ?(전용|만)
        (有料)?会員限定(の)?(記事|です)
        この記事は有料
        残り.{0,8}文字
        订阅后?(阅读|查看)全文
        (仅限|僅供|仅供)(订阅|訂閱)
        付费(阅读|内容)
    """,
    Obstacle.LOGIN: r"""
        (log|sign) in to (continue|read|view|see|access|your account)
        you (must|need to|have to) (be (logged|signed) in|log in|sign in)
        forgot(ten)? (your )?password
        create an? (free )?account to
        (bitte )?melden sie sich an,? um
        passwort vergessen
        connectez-vous pour
        mot de passe oublié
        inicia sesión para
        olvidad[oa] (tu|su) contraseña
        accedi per (continuare|leggere)
        password dimenticata
        войдите, чтобы
        забыли пароль
        로그인 ?(후|하고|이 필요)
        비밀번호 ?찾기
        ログインして
        パスワードを(忘れ|お忘れ)
        登录后
        忘记密码
    """,
    Obstacle.CHALLENGE: r"""
        (verify|confirm) (that )?you('re| are) (a human|human|not a (ro)?bot)
        are you a (ro)?bot\b
        checking (if the site connection|your browser)
        unusual (traffic|activity) from your
        (complete|solve) the (captcha|security check)
        access to this page has been denied
        you (have been|are being|were) blocked
        pardon our interruption
        you don't have permission to
        \bray id\b
        (enable|turn on) (javascript|js|cookies) and (cookies|javascript|disable any ad)
        (ich bin|sie sind) kein roboter
        je ne suis pas un robot
        no soy un robot
        non sono un robot
        로봇이 아닙니다
        ロボットではありません
        安全验证
        人机验证
        подтвердите, что вы (не робот|человек)
    """,
    Obstacle.SCRIPT: r"""
        (enable|turn on|activate|allow) javascript
        (requires|needs) javascript
        javascript (is|must|has been|(appears|seems) to be) (required|disabled|(be )?enabled)
        (turn off|disable|pause) (your|any) ad ?-?blocker
        your browser is (not supported|out of date)
        javascript (zu )?aktivieren
        aktivieren sie (bitte )?javascript
        activer? javascript
        activez (le )?javascript
        (active|habilite|activar|habilitar) javascript
        abilita(re)? javascript
        javascriptを有効
        자바스크립트를 (활성|사용)
        启用 ?javascript
    """,
}
# They are on buttons, and between quotation marks in the walls themselves.
_ALSO_SAYS = r"""
    (accept|reject|allow) all
    alle(s)? (akzeptieren|ablehnen|accepteren)
    tout (accepter|refuser)
    (aceptar|rechazar) tod[oa]s?
    accetta tutt[oi]
    aceitar todos
    godkänn alla
    accepter alle
    godta alle
    принять все
    모두 (동의|허용)
    すべて(許可|同意)
    接受(所有|全部)
    cookie policy
    more options
    learn more
    privacy policy
    terms of (use|service)
"""
_TITLES = re.compile(
    r"just a moment\W*|attention required\W.*|access denied|are you a (ro)?bot\W*|robot check"
    r"|security (check|verification)|pardon our interruption\W*|human verification|ddos-guard"
    r"|(bot|captcha) (check|verification)|verifying you are human\W*|un instant\W*|einen moment\W*"
    r"|un momento\W*|잠시만 기다.*|请稍候\W*|しばらくお待ち.*|один момент\W*",
    re.IGNORECASE,
)
_PLACES = (
    (Obstacle.CONSENT, re.compile(r"(cookie-?)?(consent|wall)|gdpr|privacy-gate|cookies?")),
    (Obstacle.LOGIN, re.compile(r"log-?in|sign-?in|auth|sso|anmelden|connexion|account|accounts")),
    (Obstacle.PAYWALL, re.compile(r"subscri(be|ption)s?|paywall|abo|abonnement|register|signup")),
    (Obstacle.CHALLENGE, re.compile(r"captcha|challenge|blocked|sorry|validate")),
)
_MOST_DECLARED, _MOST_NODES = 300_000, 2_000


def _any_line(lines: str) -> re.Pattern[str]:
    return re.compile("|".join(filter(None, map(str.strip, lines.splitlines()))), re.IGNORECASE)


_SAYING = {kind: _any_line(lines) for kind, lines in _SAYS.items()}
_ALSO = _any_line(_ALSO_SAYS)


def led_away(link: str, address: str) -> Obstacle | None:
    """Answer what came instead of the page at *link*, if *address*, where it led to, says so."""
    asked, found = canonical(link), canonical(address)
    if asked is None or found is None or asked == found:
        return None
    if is_front_page(found):
        return None if is_front_page(asked) else Obstacle.GONE
    known = set(_places(asked))
    new = [place for place in _places(found) if place not in known]
    kinds = (kind for place in new for kind, name in _PLACES if name.fullmatch(place))
    return next(kinds, None)


def _places(link: str) -> list[str]:
    """Answer the first label of the host of *link*, and the parts of its path."""
    parts = urlsplit(link.lower())
    return [parts.netloc.partition(".")[0], *filter(None, parts.path.split("/"))]


def wall_in(text: str, title: str | None = None) -> Obstacle | None:
    """Answer which wall *text* is that a page shows instead of an article, if it is one.

    A paywall is none of these: what stands in front of it is the article's.
    """
    if len(text) > LONGEST_WALL:
        return None
    if title and _TITLES.fullmatch(title.strip()) and len(text) <= LONGEST_WALL // 3:
        return Obstacle.CHALLENGE
    short = len(text) <= _SHORT_WALL
    plain = _sentences(_unquoted(text))
    spoken = "\n".join(one for one in plain if short or _is_walls(one))
    said = Counter({kind: len(_distinct(spoken, saying)) for kind, saying in _SAYING.items()})
    del said[Obstacle.PAYWALL]
    kind, times = said.most_common(1)[0]
    if short or not times:
        return kind if times else None
    others = sum(len(one) for one in _sentences(text) if not _is_walls(one))
    enough = said.total() + len(_distinct(text, _ALSO)) > 1
    return kind if enough and others <= _MOST_OTHER_WORDS * len(text) else None


def asks_for_money(text: str) -> bool:
    """Answer whether *text*, all that a page says, wants its reader to subscribe for the rest."""
    return bool(_distinct(_unquoted(text), _SAYING[Obstacle.PAYWALL]))


def without_walls(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Answer *paragraphs* without those in which nothing but a wall speaks."""
    return tuple(one for one in paragraphs if not _is_walls_alone(_sentences(one)))


def _is_walls_alone(sentences: Sequence[str]) -> bool:
    others = [one for one in sentences if not _is_walls(one)]
    return len(others) < len(sentences) and all(len(one) <= _SHORT_SENTENCE for one in others)


def declares_paid(scripts: Iterable[str]) -> bool:
    """Answer whether a page's JSON-LD says that its article is not free (schema.org)."""
    for script in scripts:
        try:
            declared = json.loads(script) if len(script) <= _MOST_DECLARED else None
        except (ValueError, RecursionError):
            continue
        if any(_is_paid(node) for node in _nodes(declared)):
            return True
    return False


def _is_paid(node: dict[str, object]) -> bool:
    return str(node.get("isAccessibleForFree", "")).rpartition("/")[2].lower() == "false"


def _nodes(declared: object) -> Iterator[dict[str, object]]:
    """Yield the objects in *declared*, so many at the most."""
    waiting, seen = [declared], 0
    while waiting and seen < _MOST_NODES:
        one = waiting.pop()
        seen += 1
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _distinct(text: str, saying: re.Pattern[str]) -> set[str]:
    return {found[0].lower() for found in saying.finditer(text)}


def _is_walls(sentence: str) -> bool:
    plain = _unquoted(sentence)
    found = (saying.search(plain) for saying in _SAYING.values())
    return any(one is not None and one.start() <= _TO_THE_POINT for one in found)


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCE_END.split(text) if one.strip()]


def _unquoted(text: str) -> str:
    return _QUOTED.sub(" ", text)
