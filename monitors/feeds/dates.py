"""Dates as feeds write them, which is seldom as the standards ask.

feedparser's own reading is not used: it takes 2025/10/06 for the first of November and
drops PM and offsets such as `GMT+0300` without a word.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LONGEST = 100  # characters; no date is longer
# The first letters of the months in English, German, French, Spanish, Italian, Portuguese,
# Dutch, Swedish, Danish, Polish, Turkish, Russian and Ukrainian, with accents taken off.
_MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "jan gen ene sty oca янв січ",
            "feb fev lut sub фев лют",
            "mar mrt мар бер",
            "apr avr abr kwi nis апр кві",
            "may mai mag mei maj май мая тра",
            "jun juin giu cze haz июн чер",
            "jul juil lug lip tem июл лип",
            "aug aou ago sie agu авг сер",
            "sep set wrz eyl сен вер",
            "oct okt ott out paz eki окт жов",
            "nov lis kas ноя лис",
            "dec dez dic gru ara дек гру",
        ),
        start=1,
    )
    for start in unicodedata.normalize("NFD", starts).replace("\u0306", "").split()
}
# Hours east of Greenwich. Names that several countries share mean what they mean in mail.
_ZONES = {
    "ut utc gmt z wet zulu": 0,
    "edt ast at": -4,
    "est et cdt": -5,
    "cst ct mdt": -6,
    "mst mt pdt": -7,
    "pst pt akdt": -8,
    "akst": -9,
    "hst": -10,
    "adt brt art": -3,
    "nst": -3.5,
    "ndt": -2.5,
    "bst cet met wat west": 1,
    "cest mest eet sast cat": 2,
    "eest msk мск eat trt": 3,
    "gst": 4,
    "pkt": 5,
    "ist": 5.5,
    "ict wib": 7,
    "hkt sgt awst": 8,
    "jst kst": 9,
    "acst": 9.5,
    "aest": 10,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
}
_HOURS = {name: hours for names, hours in _ZONES.items() for name in names.split()}

_TIME = r"""
    (?P<hour>\d{1,2}) (?: \s? [:h] \s? | \. (?! \d\d\. ) ) (?P<minute>\d\d)
    (?: [:m] (?P<second>\d\d) (?: [.,] \d{1,12})? s? )?
    (?: \s* (?P<half>[ap])\.?m\b\.? )?
"""
_ZONE = r"""
    (?: \s* (?P<zone>[a-zмск][a-z/_мск]*) )?
    (?: \s* (?P<sign>[+\-\u2212]) (?P<off_hour>\d{1,2}) :? (?P<off_minute>\d\d)? )?
    (?: \s+ [a-z/_]+ )? (?: \s* \([^)]*\) )?
"""
# What may stand between the day and the time: "6 октября 2025 г. в 14:03 Uhr".
_AT = r"(?: (?: at|um|a|as|a\slas|ore|om|kl\.?|godz\.?|o|saat|в|о|-|\u2013 ) \s+ | t )?"
_ENDED = r"(?: \s? (?: г|r|р ) \.? )?"
_CLOCK = rf"{_ENDED} (?: [\s,]* {_AT} {_TIME} {_ZONE} )?"
_MONTH = r"(?P<name>[^\W\d_]{3,12}) \.?"
_OF = r"[\s\-/,]* (?:(?:del?|di|of)\s+)?"
_WEEKDAY = r"(?: [^\W\d_]+ [.,\s]+ )?"
_SHAPES = tuple(
    re.compile(shape, re.VERBOSE)
    for shape in (
        # 20251006T140300Z
        r"(?P<year>\d{4}) (?P<month>\d\d) (?P<day>\d\d)"
        r"(?: [t\s]? (?P<hour>\d\d) (?P<minute>\d\d) (?P<second>\d\d)? (?:[.,]\d{1,12})?"
        + _ZONE
        + ")?",
        # 2025-10-06T14:03:00+02:00, 2025/10/06 14:03, 2025-10, 2025. 10. 6.
        r"(?P<year>\d{4}) [\-/.] \s? (?P<month>\d{1,2})"
        r"(?: [\-/.] \s? (?P<day>\d{1,2}) \.? " + _CLOCK + ")?",
        # Mon Oct 06 14:03:00 UTC 2025
        rf"{_WEEKDAY} {_MONTH} \s+ (?P<day>\d{{1,2}}) \s+ {_TIME} {_ZONE} \s+ (?P<year>\d{{4}})",
        # Mon, 06 Oct 2025 14:03:00 +0200, 6 de octubre de 2025
        rf"{_WEEKDAY} (?P<day>\d{{1,2}}) (?:st|nd|rd|th|er|\.|º)? {_OF} {_MONTH} {_OF}"
        r"(?P<year>\d{4}|\d\d) (?!\d) " + _CLOCK,
        # Monday, October 6, 2025 2:03 PM
        rf"{_WEEKDAY} {_MONTH} \s* (?P<day>\d{{1,2}}) (?:st|nd|rd|th)? [\s,]+ (?P<year>\d{{4}})"
        + _CLOCK,
        # 06.10.2025 14:03
        r"(?P<day>\d{1,2}) \. \s? (?P<month>\d{1,2}) \. \s? (?P<year>\d{4})" + _CLOCK,
        # 10/6/2025 2:03:00 PM: the month comes first wherever the clock has twelve hours
        r"(?P<month>\d{1,2}) / (?P<day>\d{1,2}) / (?P<year>\d{4}) (?=.*\d\s*[ap]\.?m)" + _CLOCK,
    )
)

# How Korean, Japanese and Chinese say it, and the same in signs: 2025년 10월 6일 오후 2시 3분.
_EASTERN = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")
_EASTERN_WORDS = (
    (
        (
            r"[(（][月火水木金土日월화수목금토일][)）]|[월화수목금토일]요일|[月火水木金土日]曜日?"
            r"|(?:星期|周|週)[一二三四五六日天]"
        ),
        " ",
    ),
    (r"(\d{4}) ?[년年] ?(\d\d?) ?[월月] ?(\d\d?) ?[일日号號]", r"\1-\2-\3 "),
    (r"^\D*(\d\d?) (\d\d?)[월月],? (\d{4})", r"\3-\2-\1"),
    (r"(\d\d?) ?[시時时点點] ?(\d\d?) ?[분分] ?(?:(\d\d?) ?[초秒])?", r"\1:0\2:0\3"),
    (r":0(\d\d)", r":\1"),
    (r":0(?!\d)", ""),
    (r"(?:오전|上午|午前) ?([\d:]+)", r"\1 am"),
    (r"(?:오후|下午|午後) ?([\d:]+)", r"\1 pm"),
)


def read_date(text: str) -> datetime | None:
    """Answer the moment that *text* names, in aware UTC.

    A time without a zone, or with one that nobody knows, is taken as UTC; a day without a
    time as its midnight. None where the text names no possible day from 1990 on. A date in
    the future stays as it is.
    """
    plain = _fold(text[: _LONGEST + 1])
    if len(plain) > _LONGEST:
        return None
    for shape in _SHAPES:
        found = shape.fullmatch(plain)
        if found is not None:
            return _moment(found.groupdict())
    return None


def _fold(text: str) -> str:
    """Answer *text* in lower case, without accents and doubled white space."""
    plain = " ".join(text.lower().split())
    if plain.isascii():
        return plain
    if _EASTERN.search(plain):
        for words, signs in _EASTERN_WORDS:
            plain = re.sub(words, signs, plain)
        plain = " ".join(plain.split())
    letters = unicodedata.normalize("NFD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _moment(parts: dict[str, str | None]) -> datetime | None:
    """Answer the moment in the named *parts* of a date, or None if there is no such one."""
    month = _month(parts)
    hour = _hour(int(parts.get("hour") or 0), parts.get("half"))
    second = min(int(parts.get("second") or 0), 59)  # 60 is a leap second
    try:
        midnight = datetime(
            _year(parts["year"] or ""),
            month,
            int(parts.get("day") or 1),
            tzinfo=timezone(_offset(parts)),
        )
        # Some write midnight as the 24th hour of the day before.
        if hour > 24 or int(parts.get("minute") or 0) > 59:  # noqa: PLR2004
            return None
        clock = timedelta(hours=hour, minutes=int(parts.get("minute") or 0), seconds=second)
        moment = (midnight + clock).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment >= _EARLIEST else None


def _month(parts: dict[str, str | None]) -> int:
    """Answer the number of the month, 0 if nobody knows its name."""
    name = parts.get("name")
    if name is None:
        return int(parts["month"] or 0)
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3], 0)


def _year(text: str) -> int:
    """Answer the year; with two digits, one from 1970 to 2069."""
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004
        return year
    return year + (1900 if year >= 70 else 2000)  # noqa: PLR2004


def _hour(hour: int, half: str | None) -> int:
    """Answer the hour of the day, where *half* is `a` or `p` on a clock of twelve hours."""
    if half is None or hour > 12:  # noqa: PLR2004
        return hour
    return hour % 12 + (12 if half == "p" else 0)


def _offset(parts: dict[str, str | None]) -> timedelta:
    """Answer how far the zone is east of Greenwich; a number beats a name."""
    if parts.get("off_hour"):
        size = timedelta(
            hours=int(parts["off_hour"] or 0), minutes=int(parts.get("off_minute") or 0)
        )
        return size if parts["sign"] == "+" else -size
    return timedelta(hours=_HOURS.get(parts.get("zone") or "z", 0))
