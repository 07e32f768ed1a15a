"""What a page hangs on to the end of an article: related headlines, comments, legal lines.

An extractor of articles knows furniture by its markup, and lets through what the page marks
up as part of the article. What is left is known by its words here, at the end of the text
only, and only as lines that are no sentences: rather some furniture stays than that a
sentence of the article goes.
"""

import re
from collections.abc import Sequence

_FARTHEST = 15  # lines above which a heading is no longer looked for
_LONGEST_LINE = 160
_LONGEST_NOTICE = 300

# Headings of lists of other articles and of comments, and links to them.
_HEADINGS = (
    r"(you (may|might)|you'll|people) also (like|enjoy|read|be interested( in)?)",
    r"related( (articles?|stor(y|ies)|posts?|news|topics?|content|coverage|reading|links?))?$",
    r"(read|see|watch) (more|next|also)\b",
    r"more (stories|news|headlines|from|on|like this)\b",
    r"(recommended|trending|most (read|popular|viewed|commented)|top stories|latest news)\b",
    r"(previous|next|older|newer) (article|post|story)\b",
    r"(leave|post|write|add) a (comment|reply)\b",
    r"(\d+ )?(comments?|repl(y|ies)|responses?)( ?\(?\d*\)?)?$",
    r"(mehr zum thema|lesen sie (auch|mehr)|auch interessant|meistgelesen|das könnte sie)",
    r"(lire aussi|à lire|sur le même sujet|les plus lus|articles liés|vous aimerez)",
    r"(lea también|te puede interesar|noticias relacionadas|más leíd[ao]s|leia (também|mais))",
    r"(leggi anche|potrebbe interessarti|più letti|lees ook|meest gelezen|gerelateerd)",
    r"(читайте также|по теме|самое читаемое|관련 ?기사|많이 본|추천 ?기사|関連(記事|ニュース))",
    r"(おすすめ|人気記事|相关(阅读|新闻|文章)|延伸閱讀|相關(閱讀|新聞)|推荐阅读|热门)",
    r"(laisser un commentaire|dej[ae] un comentario|lascia un commento|kommentar schreiben)",
    r"(оставить комментарий|комментарии|댓글|コメント|评论|評論)",
)
# Invitations to share and to subscribe, and labels.
_INVITATIONS = (
    r"(log|sign) in to (leave|post|reply|comment)\b",
    r"(share|like|tweet|e-?mail|print)( (this|on|via|with)\b.*)?$",
    r"(subscribe|sign up|follow us|join our|get our)\b",
    r"(newsletters?|advertisement|sponsored|promoted|tags?|filed under|topics?)($|:)",
    r"(teilen|anzeige|abonnieren|partager|publicité|abonnez-vous|compart[ie]r?|publici(dad|dade))$",
    r"(suscríb[ae]te|condividi|pubblicità|iscriviti|delen|поделиться|подпис(ка|аться))$",
    r"(공유하기|구독|광고|シェア|共有|広告|分享|订阅|訂閱|广告|廣告)$",
    r"(hosted|powered|designed|built) (by|with)\b",
)
# Notices of rights, which may be sentences, and calls that always are.
_NOTICES = (
    r"(©|\(c\) ?\d{4}|copyright (©|\(c\)|\d{4}))",
    r".*\b(all rights reserved|alle rechte vorbehalten|tous droits réservés)\b",
    r".*\b(todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati)\b",
    r".*(무단 ?전재|無断転載|版权所有|版權所有|все права защищены)",
    r"((sign up|subscribe) (for|to)|follow us on|(log|sign) in to (leave|post|reply|comment))\b",
)
# Full stops and marks of several scripts (full width, Hindi, Arabic), then quotes and brackets.
_ENDS_A_SENTENCE = re.compile("[.!?…。।؟\uff01\uff1f][\"'”\u2019»」』)\\]]*$")
_POINTERS = " :→>»\u203a"


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_HEADING = _any_of(_HEADINGS)
_FURNITURE = _any_of(_HEADINGS + _INVITATIONS)
_NOTICE = _any_of(_NOTICES)


def without_furniture(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Answer *paragraphs* without the furniture at their end; at least one is kept.

    Args:
        paragraphs: each one line, without white space around it.
    """
    end = len(paragraphs)
    for position in range(end - 1, max(0, end - 1 - _FARTHEST), -1):
        line = paragraphs[position]
        is_last = position == end - 1
        if _is_heading(line) or (is_last and _is_furniture(line)):
            end = position
        elif _is_sentence(line):
            break
    return tuple(paragraphs[:end])


def _is_heading(line: str) -> bool:
    """Answer whether what stands below *line*, as far as it is no sentence, is furniture too."""
    return bool(_HEADING.fullmatch(line.rstrip(_POINTERS + ".…")))


def _is_furniture(line: str) -> bool:
    if len(line) > _LONGEST_NOTICE:
        return False
    if _NOTICE.match(line):
        return True
    return not _ENDS_A_SENTENCE.search(line) and bool(_FURNITURE.match(line.rstrip(_POINTERS)))


def _is_sentence(line: str) -> bool:
    return len(line) > _LONGEST_LINE or bool(_ENDS_A_SENTENCE.search(line))
