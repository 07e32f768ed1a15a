"""What a headline says of its article's version, and which articles are one published again."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from monitors.stories.accept import bare_title
from monitors.stories.article import Article
from monitors.stories.links import site
from monitors.stories.words import folded, key


class Mark(IntEnum):
    """What stands in front of a headline; of several, the highest counts."""

    NONE = 0
    BREAKING = 1
    EXCLUSIVE = 2
    UPDATED = 3
    CORRECTED = 4
    OPINION = 5
    LIVE = 6


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline without its marks.

    Attributes:
        text: what is left of the title, never empty unless that was.
        mark: what was taken out.
    """

    text: str
    mark: Mark


# A line for English, for German and Dutch, French, Spanish and Portuguese, Italian, the Nordic
# languages, Polish, Turkish, Russian and Ukrainian, Arabic and Hebrew, Korean, Japanese, Chinese.
# Accents, case and numbers do not matter: "UPDATE 2", "2nd LEAD".
_MARKS = {
    Mark.BREAKING: """
        breaking|breaking news|news alert|just in|urgent|developing|developing story|newsflash
        eilmeldung|eil|breaking nieuws|net binnen
        urgent|alerte|alerte info|flash|flash info|dernière minute
        urgente|última hora|última hora urgente|alerta|de última hora|em atualização
        ultim'ora|ultimora|ultima ora
        just nu|siste|seneste|viimeisin
        pilne|z ostatniej chwili
        son dakika|flaş
        срочно|молния|терміново
        عاجل|מבזק|דחוף
        속보|긴급|1보
        速報|緊急|号外
        快讯|快訊|突发|突發|突发新闻|最新消息
    """,
    Mark.EXCLUSIVE: """
        exclusive|exclusive report
        exklusiv|exclusief
        exclusif|exclusivité|info exclusive
        exclusiva|exclusivo|en exclusiva
        esclusiva|esclusivo|in esclusiva
        exklusivt|eksklusivt
        tylko u nas
        özel|özel haber
        эксклюзив|ексклюзив
        حصري|خاص|בלעדי
        단독|독점
        独自|独占|スクープ
        独家|獨家
    """,
    Mark.UPDATED: """
        update|updated|updates|refile|refiled|rpt|wrapup|lead|ld|recasts
        aktualisiert|aktualisierung|aktualisierte fassung|neufassung|bijgewerkt|zusammenfassung
        mise à jour|màj|maj|actualisé|actualisation|synthèse
        actualización|actualizado|actualizada|actualiza|atualização|atualizado|atualizada|atualiza
        aggiornamento|aggiornato|aggiornata
        uppdaterad|uppdatering|oppdatert|oppdatering|opdateret|päivitetty|päivitys
        aktualizacja|zaktualizowano
        güncelleme|güncellendi
        обновлено|обновление|дополнено|оновлено|доповнено
        تحديث|محدث|עדכון
        종합|업데이트|수정종합
        更新|続報|最新版
        更新版|更新中
    """,
    Mark.CORRECTED: """
        correction|corrected|corrects|corrected official|clarification|clarified|amended
        korrektur|korrigiert|berichtigung|berichtigt|richtigstellung|correctie|rectificatie
        rectificatif|rectifié|corrigé|erratum
        corrección|corregido|corrige|rectificación|fe de errores|correção|corrigido|errata
        correzione|rettifica|errata corrige|corretto
        rättelse|korrigerad|rettelse|korrigert|rettet|korjattu|oikaisu
        sprostowanie|korekta|poprawka
        düzeltme|düzeltilmiş
        исправлено|исправление|поправка|уточнение|виправлено|уточнення
        تصحيح|تصويب|תיקון
        정정|수정|바로잡습니다
        訂正|修正|お詫びと訂正
        更正|勘误|勘誤
    """,
    Mark.OPINION: """
        opinion|opinions|op ed|oped|editorial|commentary|comment|column|viewpoint
        guest essay|analysis|breakingviews
        meinung|kommentar|leitartikel|gastbeitrag|gastkommentar|kolumne|analyse|opinie|commentaar
        tribune|édito|éditorial|chronique|point de vue|billet
        opinión|columna|tribuna|análisis|opinião|coluna|análise|artigo de opinião
        opinione|editoriale|commento|l'editoriale|analisi
        ledare|ledare signerad|krönika|debatt|leder|kronikk|klumme|mielipide|pääkirjoitus
        opinia|komentarz|felieton|analiza
        görüş|yorum|köşe yaz\u0131s\u0131
        мнение|колонка|комментарий|думка|погляд
        رأي|مقال|تحليل|דעה|פרשנות
        사설|칼럼|기고|논평|오피니언|시론
        社説|コラム|論説|解説|オピニオン
        社论|社論|评论|評論|观点|觀點|时评
    """,
    Mark.LIVE: """
        live|live blog|liveblog|live updates|live update|live coverage|watch live|as it happened
        liveticker|live ticker|newsblog|newsticker|ticker|im livestream|livestream
        en direct|direct|suivez en direct|en continu|le direct
        en vivo|en directo|minuto a minuto|directo|ao vivo|acompanhe ao vivo
        in diretta|diretta|la diretta|diretta live
        direkt|direktrapport|direkte|seuraa suorana|suora lähetys
        na żywo|relacja na żywo|relacja live
        canl\u0131|canl\u0131 yay\u0131n|canl\u0131 anlat\u0131m|canl\u0131 blog
        онлайн|прямой эфир|прямая трансляция|наживо|онлайн трансляция
        مباشر|بث مباشر|لحظة بلحظة|שידור חי|עדכונים שוטפים
        생중계|라이브|실시간
        ライブ|中継|ライブ中継|生中継
        直播|实时更新|即時更新|滚动
    """,
}
_KNOWN = {
    key(marker.strip()): mark
    for mark, lines in _MARKS.items()
    for line in lines.strip().splitlines()
    for marker in line.split("|")
}
# As the end of a title, or of what stands before its colon: "Storm liveblog: roads closed".
_LIVE_BLOGS = ("liveblog", "live blog", "live updates", "liveticker", "live ticker", "newsblog")
_ENDS_OF_LIVE_BLOGS = tuple(f" {name}" for name in _LIVE_BLOGS)
_MOST_MARKS = 8
_LONGEST_MARK = 40  # characters
_FEWEST_WORDS = 2  # that must be left
_OPENING, _CLOSING = "\\[(<\u3010\u3014\uff3b\uff08", "\\])>\u3011\u3015\uff3d\uff09"
_IN_BRACKETS = rf"[{_OPENING}]([^{_OPENING}{_CLOSING}]{{1,{_LONGEST_MARK}}})[{_CLOSING}]"
_BRACKETS_BEFORE = re.compile(rf"\s*{_IN_BRACKETS}(?:\s*[-:\u2013\u2014\uff1a])?\s*")
_BRACKETS_BEHIND = re.compile(rf"\s*{_IN_BRACKETS}\s*$")
_BEHIND = re.compile(rf"\s+[-|\u2013\u2014]{{1,2}}\s+([^-|\u2013\u2014]{{1,{_LONGEST_MARK}}})$")
_SIGN = re.compile(
    r"\s*(?P<any>:(?!\d)|[|\uff1a\uff5c])\s*"
    r"|\s+(?P<spaced>[-\u2013\u2014]{1,2}|//?)\s+"
    r"|(?<=[\w)])(?P<tight>-)(?=[\w(\"'\u2018\u201c])"
    r"|(?<=\w)(?P<stop>[.!])\s+"
    r"|(?<=\w)(?P<comma>,)\s+"
)
_NUMBERS = re.compile(
    r"\b\d{1,2}[:.h]\d{2}\b(?:\s*(?:uhr|gmt|h)\b)?|\d+\s*(?:st|nd|rd|th|º|ª|보)?(?!\w)|(?<!\w)no\.",
    re.IGNORECASE,
)
# Where a hyphen stands alone it may be part of a word ("Live-in"), but not in those of the wires.
_OF_WIRES = frozenset((Mark.EXCLUSIVE, Mark.UPDATED, Mark.CORRECTED, Mark.OPINION))

_STILL_CORRECTED = timedelta(hours=72)
_NEARLY_ALL = 0.85
_FEWEST_TO_COMPARE = 8  # words
_MOST_TO_COMPARE = 20_000  # characters


def headline(title: str) -> Headline:
    """Answer *title* without what says that it is urgent, exclusive, updated, corrected or live.

    A mark counts where a sign sets it off from what it stands before or behind, and where it
    leaves two words. A live blog, and what runs under its title, keep the title.
    """
    text, mark = title, Mark.NONE
    for _ in range(_MOST_MARKS):
        found = _cut(text)
        if found is None:
            break
        text, mark = found.text, max(mark, found.mark)
    return Headline(text, Mark.LIVE if _is_live_blog(text) else mark)


def is_new_version(newer: Article, older: Article, *, same_identifier: bool) -> bool:
    """Answer whether *newer* is *older* published again by its outlet, at another link.

    Only what can be nothing else: the same headline but for its marks, texts that agree nearly
    wholly, and a mark or an identifier that says so. Other numbers are other news under a
    headline that its outlet uses every day, unless they are said to be a correction.

    Args:
        newer: seen later.
        older: stored.
        same_identifier: whether both bear one that no two articles bear by chance.
    """
    now = headline(bare_title(newer))
    # Most say nothing of the kind, and many may share a headline: looked at before the older one.
    if not same_identifier and now.mark not in (Mark.UPDATED, Mark.CORRECTED):
        return False
    then = headline(bare_title(older))
    if (
        not (same_identifier or then.mark not in (Mark.OPINION, Mark.LIVE))
        or not key(now.text)
        or key(now.text) != key(then.text)
        or not _same_outlet(newer, older)
        or abs(newer.published_at - older.published_at) > _STILL_CORRECTED
    ):
        return False
    one, other = _words(newer), _words(older)
    if min(one.total(), other.total()) < _FEWEST_TO_COMPARE:
        return False
    shared = (one & other).total() / max(one.total(), other.total())
    corrected = now.mark is Mark.CORRECTED
    return shared >= _NEARLY_ALL and (corrected or _numbers(one) == _numbers(other))


def _cut(text: str) -> Headline | None:
    """Answer *text* without one mark, or None where it bears none."""
    for marker, rest, sign in _candidates(text):
        mark = _KNOWN.get(key(_NUMBERS.sub(" ", marker)))
        if mark and _sets_off(sign, marker, mark) and len(folded(rest)) >= _FEWEST_WORDS:
            return Headline(rest, mark)
    return None


def _candidates(text: str) -> Iterator[tuple[str, str, str]]:
    """Answer what may be a mark of *text*, what it leaves, and which sign stands between."""
    if found := _BRACKETS_BEFORE.match(text):
        yield found[1], text[found.end() :], "any"
    for sign in reversed(tuple(_SIGN.finditer(text[: _LONGEST_MARK + 2]))):
        yield text[: sign.start()], text[sign.end() :], str(sign.lastgroup)
    for behind in (_BRACKETS_BEHIND, _BEHIND):
        if found := behind.search(text[-_LONGEST_MARK - 8 :]):
            yield found[1], text[: len(text) - len(found[0])], "any"


def _sets_off(sign: str, marker: str, mark: Mark) -> bool:
    """Answer whether that *sign* between *marker* and the headline makes it a mark."""
    match sign:
        case "tight":
            return marker.isupper() and mark in _OF_WIRES
        case "stop":
            return marker.isupper()
        case "comma":
            return mark is Mark.LIVE and " " in marker.strip()
        case _:
            return True


def _is_live_blog(text: str) -> bool:
    """Answer whether *text* is the title of a live blog, or begins with one and a colon."""
    titles = (text, text.partition(":")[0])
    return any(f" {key(title)}".endswith(_ENDS_OF_LIVE_BLOGS) for title in titles)


def _same_outlet(one: Article, other: Article) -> bool:
    sites = site(one.link), site(other.link)
    return sites[0] == sites[1] if all(sites) else one.outlet == other.outlet


def _words(article: Article) -> Counter[str]:
    """Answer the words of what *article* says below its headline, each as often as it stands."""
    return Counter(folded((article.text or article.summary)[:_MOST_TO_COMPARE]))


def _numbers(words: Counter[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(map(str.isdigit, word)))
