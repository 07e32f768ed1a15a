"""Words of a headline cut down to what two reports of one event both write.

Cruder than `terms.forms`, which finds what a person asked for: here, two words that are taken
for one make a guard silent, and two forms of one word that are taken for two make it bark.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from monitors.stories.words import WORD_START, Words, folded

FREE_BITS = 7
_LONGEST, _LONGEST_INFLECTED = 7, 6
_SHORTEST = 3
_ENGLISH = re.compile(r"(?:ies|ied|ings?|edly|ed|es|s)$")
_VOWELS = (
    "aeiouy\u0430\u0435\u0438\u043e\u0443\u044b\u044d\u044e\u044f\u0439\u044c\u0456\u0457\u0454"
)
_ARABIC = re.compile(r"^(?:[\u0648\u0641]?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644))(?=.{3})")
_CYRILLIC = re.compile(
    r"(?:\u044b\u0445|\u0438\u0445|\u043e\u0433\u043e|\u0435\u0433\u043e|\u043e\u043c|\u0435\u043c"
    r"|\u0430\u043c\u0438?|\u044f\u043c\u0438?|\u0430\u0445|\u044f\u0445|\u043e\u0432|\u0435\u0432)$"
)
_JOINED_DIGITS = re.compile(r"\s?[-\u2013\u2014:/]\s?")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_PAIRED = re.compile(  # Han, and Thai, Lao, Burmese and Khmer syllables
    r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]")
_GRAMMAR = re.compile(r"[a-z\u3041-\u3096\u309d-\u309f]")
_PARTICLES = ("에서", "으로", "에게", "까지", "부터", *"은는이가을를의에로와과도만서")
_NEVER_CUT = 2

# What is written in every report, whatever it tells of; and days and months, which name the
# report and not the event.
_STOP = """
a an the and or but nor of in on at to for from by with as is are was were be been has have had
will would can could may might must it its this that these those he she they we you i his her
their our your my not no who what when where why how which than then so if into over under out
up down off about amid against between during before after while still just also more most all
any some new latest update updated breaking exclusive watch video says say said saying told
tells report reports reported via per here there do does did get gets got der die das den dem
des ein eine einen einem einer und oder aber von vom im am zum zur zu auf aus bei beim mit nach
vor fur uber unter gegen durch wegen ist sind wird werden wurde hat haben nicht kein auch noch
nur sich es er sie wir als wie dass sagt sagte neue neuer neues le la les un une du de d l et ou
mais dans en au aux sur sous par pour avec sans est sont ete etait il elle ils nous vous ce
cette ces se s qui que quoi son sa ses leur pas plus apres avant selon nouveau nouvelle el los
las una unos y o pero del al con sin por para entre sobre desde hasta tras fue ser ha han su sus
lo como mas muy ya segun nuevo nueva gli uno di da nel nella tra fra e ed che non si dal dalla
della dei delle alla sono hanno dopo nuovo nuova os um uma uns dos na nos nas ao pela pelo com
em sem foi sao apos het een van op te met voor bij aan uit naar door om niet zijn werd wordt
heeft ook nog w z ze od po za u oraz lub ale nie jest byl byla przez przy dla jak nowy в во на с
со к ко от до из за по о об у и или но а не что как это был была были будет после перед при для
над под его ее их он она они мы вы также новый новая та й від з із зі що як це був була були
після його її вони також новий нова ve ile bir bu icin ki mi olarak sonra once gore yeni في من
على الى إلى عن مع بعد قبل أن إن ما هذا هذه التي الذي كان كانت لا لم قد هو هي بين خلال dan ke
dari yang untuk pada dengan ini itu adalah akan tidak dalam oleh setelah baru का की के में से को
पर और है हैं ने यह वह एक नहीं था थी थे भी तो कि लिए
"""
_DATES = """
monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight
january february march april june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun montag dienstag mittwoch
donnerstag freitag samstag sonnabend sonntag heute gestern morgen januar februar marz mai juni
juli oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche hier demain janvier
fevrier mars avril juin juillet aout septembre octobre novembre decembre lunes martes miercoles
jueves viernes sabado domingo hoy ayer manana enero febrero marzo abril mayo junio julio agosto
septiembre octubre noviembre diciembre lunedi martedi mercoledi giovedi venerdi sabato domenica
oggi ieri domani gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre segunda
terca quarta quinta sexta feira hoje ontem amanha janeiro fevereiro marco maio junho julho
setembro outubro dezembro maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag
gisteren januari februari maart mei augustus poniedzialek wtorek sroda czwartek piatek sobota
niedziela dzis dzisiaj wczoraj stycznia lutego marca kwietnia maja czerwca lipca sierpnia
wrzesnia pazdziernika listopada grudnia понедельник вторник среда среду четверг пятница пятницу
суббота субботу воскресенье сегодня вчера января февраля марта апреля мая июня июля августа
сентября октября ноября декабря понеділок вівторок середа середу четвер п'ятниця субота неділя
сьогодні вчора січня лютого березня квітня травня червня липня серпня вересня жовтня листопада
грудня pazartesi sali carsamba persembe cuma cumartesi pazar bugun dun ocak subat mart nisan
mayis haziran temmuz agustos eylul ekim kasim aralik الاثنين الثلاثاء الأربعاء الخميس الجمعة
السبت الأحد اليوم أمس يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
senin selasa rabu kamis jumat sabtu minggu hari सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार
रविवार आज कल
"""
STOP_WORDS = frozenset(folded(_STOP)) | frozenset(folded(_DATES))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Answer *word*, as `words.folded` gives it, without what its place in a sentence adds."""
    if word[0].isdecimal():
        number = _NUMBER.match(_THOUSANDS.sub("", word).replace(",", "."))
        return number[0] if number else word
    if word.isascii():
        ending = None if word.endswith("ss") else _ENGLISH.search(word)
        return _bare(word[: ending.start()] if ending else word, word)[:_LONGEST]
    return _bare(_CYRILLIC.sub("", _ARABIC.sub("", word)), word)[:_LONGEST_INFLECTED]


def _bare(cut: str, word: str) -> str:
    """Answer *cut* without vowels at its end or a doubled letter; *word* where little is left."""
    if len(cut) < _SHORTEST:
        cut = word
    bare = cut.rstrip(_VOWELS)
    if len(bare) < _SHORTEST:
        return cut
    return bare[:-1] if bare[-1] == bare[-2] and len(bare) > _SHORTEST else bare


def _without_particles(run: str) -> str:
    """Answer the Korean word *run* without what is glued to its end."""
    while len(run) > _NEVER_CUT:
        particle = next((each for each in _PARTICLES if run.endswith(each)), "")
        if not particle or len(run) - len(particle) < _NEVER_CUT:
            break
        run = run[: -len(particle)]
    return run


def stems(text: str, words: Words) -> Iterator[tuple[str, int]]:
    """Yield the telling words of *text*, each with the index in *words* where it begins.

    Any two characters in a row are a word in Chinese and other scripts without spaces. Japanese
    grammar is left out, and so is what a language needs in every sentence. Digits that a sign
    joins, such as 2-1 or 2026-1201, are one number.
    """
    at, count = 0, len(words.folded)
    while at < count:
        word, start = words.folded[at], at
        at += 1
        if word[0].isdecimal():
            parts = [stem(word)]
            while at < count and words.folded[at][0].isdecimal() and _are_joined(text, words, at):
                parts.append(stem(words.folded[at]))
                at += 1
            yield "-".join(parts), start
        elif word.startswith(WORD_START):
            at = _run_end(words.folded, at, _HANGUL)
            yield _without_particles("".join(words.folded[start:at]).strip(WORD_START)), start
        elif len(word) == 1 and _KATAKANA.match(word):
            at = _run_end(words.folded, at, _KATAKANA)
            yield "".join(words.folded[start:at]), start
        elif _PAIRED.match(word):
            at = _paired_end(words, at)
            run = words.folded[start:at]
            # One alone says little; two of them are a word more often than not.
            pairs = pairwise(run) if len(run) > 1 else [(run[0],)]
            yield from (("".join(pair), start + place) for place, pair in enumerate(pairs))
        elif word not in STOP_WORDS and not _GRAMMAR.fullmatch(word):
            yield stem(word), start


def _are_joined(text: str, words: Words, at: int) -> bool:
    """Answer whether but a sign stands between the number at *at* and the one before."""
    between = text[words.spans[at - 1][1] : words.spans[at][0]]
    return _JOINED_DIGITS.fullmatch(between) is not None


def _run_end(all_words: Sequence[str], at: int, script: re.Pattern[str]) -> int:
    """Answer where the run of single characters of *script* ends that goes on at *at*."""
    while at < len(all_words) and len(all_words[at]) == 1 and script.match(all_words[at]):
        at += 1
    return at


def _paired_end(words: Words, at: int) -> int:
    """Answer where the run of characters ends, in a script without spaces, that goes on at *at*."""
    spans = words.spans
    while at < len(spans) and spans[at][0] == spans[at - 1][1] and _PAIRED.match(words.folded[at]):
        at += 1
    return at


@lru_cache(maxsize=1 << 16)
def code_of(stemmed: str) -> int:
    """Answer the number by which *stemmed*, one of `stems`, is known; its lowest bits are free."""
    return crc32(stemmed.encode(errors="replace")) & ~FREE_BITS


def is_number(stemmed: str) -> bool:
    """Answer whether *stemmed*, one of `stems`, is a number."""
    return stemmed[0].isdecimal()
