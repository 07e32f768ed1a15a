"""Titles that say what a text is, not what happened: round-ups, and reports of every day.

"Morning briefing: what you need to know" is the title of other news each morning. The lists
hold phrases as people write them; forms that only their endings tell apart need one line.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from monitors.grouping.wording.stems import STOP_WORDS
from monitors.stories.words import WORD_START, folded

# Wherever they stand in a title.
_ROUND_UPS = """
morning briefing; evening briefing; midday briefing; daily briefing; news briefing;
world briefing; morning brief; evening brief; daily brief; news brief; world brief;
sports brief; business brief; in brief; news in brief; morning edition; evening edition;
morning report; your morning; daily digest; news digest; weekly digest; morning digest;
the week ahead; the day ahead; week in review; year in review; month in review; the week in;
this week in; week in pictures; what to watch today; what to watch this week;
what to watch tonight; top stories; top headlines; today's headlines; news headlines;
morning headlines; front pages; newspaper headlines; what the papers say; press review;
review of the papers; news wrap; sports wrap; morning wrap; evening wrap; daily wrap;
weekly wrap; weekend wrap; news roundup; news round up; weekly roundup; weekly round up;
daily roundup; morning roundup; sports roundup; sports round up; market roundup; in pictures;
in photos; photos of the day; photos of the week; pictures of the day; pictures of the week;
picture of the day; photo of the day; best photos; today in history; on this day;
this day in history; letters to the editor; readers letters; your letters; letter of the day;
crossword; cryptic crossword; sudoku; horoscope; horoscopes; word of the day; quote of the day;
tip of the day; news quiz; weekly quiz; daily quiz; quiz of the week; pub quiz; wordle hints;
wordle answer; connections hints; strands hints; tv guide; tv tonight; tv listings; tv schedule;
what's on tv; things to do this weekend; live scores; scoreboard; scores and schedule;
results and fixtures; fixtures and results; today's fixtures; sports calendar; sports on tv;
sport on tv; event calendar; community calendar; police blotter; court round up; crime log;
best of the week; longreads; weekend reads; editors picks; most read; transfer rumours;
transfer rumors; transfer gossip; transfer news; gossip column; rumour mill; cartoon of the day;
today's cartoon; daily cartoon; corrections and clarifications; death notices; obituaries;
das wichtigste vom tag; das wichtigste am morgen; das wichtigste am abend;
das wichtigste in kurze; die lage am morgen; die lage am abend; was heute wichtig ist;
was heute wichtig wird; was sie heute wissen mussen; der tag im uberblick;
nachrichten im uberblick; nachrichten des tages; nachrichtenuberblick; nachrichten am morgen;
morgenbriefing; newsticker; presseschau; pressestimmen; tagesruckblick; wochenruckblick;
wochenvorschau; termine des tages; termine der woche; tageskalender; kalenderblatt;
kurz notiert; kurz und bundig; kurzmeldungen; bilder des tages; bilder der woche;
foto des tages; horoskop; kreuzwortratsel; leserbriefe; wetter und verkehr; tv tipps;
tv programm; fernsehprogramm; sport im tv; zitat des tages; morgenmagazin; frage des tages;
die woche im uberblick; revue de presse; l'essentiel de l'actualite; l'essentiel de l'actu;
l'actu du jour; l'actualite du jour; les titres du jour; les titres de; a la une;
les infos a retenir; l'info du jour; journal du soir; la matinale; recap de la semaine;
la semaine en; l'agenda de; agenda du jour; en images; photo du jour; les photos du jour;
mots croises; mots fleches; courrier des lecteurs; programme tv; ephemeride;
resultats et classement; tour d'horizon; en bref; breves; claves del dia; las noticias del dia;
noticias de hoy; titulares del dia; titulares de hoy; resumen del dia; resumen de la semana;
resumen de noticias; resumen semanal; resumen informativo; boletin de noticias;
boletin informativo; boletin matinal; buenos dias; revista de prensa; las portadas; portadas de;
previsiones; agenda informativa; agenda del dia; la agenda de; en imagenes; las fotos del dia;
las imagenes del dia; fotos de la semana; horoscopo; crucigrama; cartas al director;
cartas de los lectores; programacion de tv; guia de tv; efemerides; tal dia como hoy;
un dia como hoy; las mas leidas; noticias breves; partidos de hoy; titulares;
avance informativo; le notizie del giorno; le notizie di oggi; notizie del mattino;
rassegna stampa; prime pagine; cosa sapere oggi; il punto della; le news di oggi; buongiorno;
la settimana in; foto del giorno; oroscopo; cruciverba; accadde oggi; lettere al direttore;
guida tv; programmi tv; stasera in tv; agenda della settimana; in breve; notizie in breve;
le notizie della settimana; noticias do dia; noticias da manha; noticias de hoje;
destaques do dia; manchetes do dia; resumo do dia; resumo da semana; revista de imprensa;
primeiras paginas; capas dos jornais; agenda do dia; em imagens; fotos do dia;
palavras cruzadas; cartas ao diretor; programacao da tv; jogos de hoje; hoje na historia;
boa noite; horoscopo do dia; giro de noticias; nieuwsoverzicht; het nieuws van;
het belangrijkste nieuws; het weekoverzicht; weekoverzicht; krantenoverzicht; kranten; in beeld;
foto van de dag; horoscoop; kruiswoordraadsel; ingezonden brieven; tv gids;
vandaag in de geschiedenis; ochtendnieuws; nieuwsbriefing; kort nieuws; przeglad prasy;
przeglad dnia; przeglad tygodnia; poranek z; najwazniejsze informacje; najwazniejsze wydarzenia;
podsumowanie dnia; podsumowanie tygodnia; skrot wiadomosci; skrot dnia; zdjecie dnia; krzyzowka;
program tv; listy do redakcji; kalendarium; kartka z kalendarza; poranny briefing;
serwis informacyjny; утренний дайджест; вечерний дайджест; дайджест новостей; дайджест прессы;
дайджест дня; главное за день; главное за неделю; главное за ночь; главное к утру;
главное к вечеру; главные новости; главные события; итоги дня; итоги недели; новости к утру;
новости дня; новости часа; что произошло за; обзор прессы; обзор сми; утренний брифинг;
утренняя сводка; вечерняя сводка; сводка новостей; фото дня; фото недели; гороскоп; кроссворд;
сканворд; телепрограмма; программа передач; письма в редакцию; этот день в истории;
день в истории; календарь событий; коротко о главном; картина дня; головне за день;
головне за добу; головне за тиждень; головні новини; головні події; новини дня; підсумки дня;
підсумки тижня; дайджест новин; ранковий дайджест; вечірній дайджест; огляд преси; кросворд;
програма передач; день в історії; листи до редакції; gunun ozeti; gunun haberleri; gunun manset;
gazete mansetleri; gazetelerin mansetleri; haber bulteni; sabah bulteni; aksam bulteni;
gun ortasi bulteni; haftanin ozeti; gunun onemli gelismeleri; gunun fotograflari; fotograflarla;
burc yorumlari; gunluk burc; bulmaca; tarihte bugun; yayin akisi; gunun maclari; bugun ne oldu;
gune bakis; نشرة الاخبار; نشرة الصباح; نشرة المساء; موجز الاخبار; موجز الانباء; الموجز الصباحي;
اهم الاخبار; ابرز الاخبار; اهم الانباء; ابرز عناوين; عناوين الصحف; جولة الصحافة; اقوال الصحف;
حصاد اليوم; حصاد الاسبوع; صورة اليوم; صور اليوم; حظك اليوم; الابراج; الكلمات المتقاطعة;
حدث في مثل هذا اليوم; رسائل القراء; برامج التلفزيون; مباريات اليوم; مواعيد مباريات; ابرز احداث;
早报; 晚报; 早餐; 新闻早知道; 早知道; 今日要闻; 每日要闻; 要闻速览; 新闻速览; 新闻简报;
晨间简报; 每日简报; 早间新闻; 晚间新闻; 一周要闻; 一周回顾; 本周回顾; 新闻摘要; 头条新闻;
今日头条; 早间要闻; 晚间要闻; 图片报道; 每日一图; 今日图片; 历史上的今天; 读者来信; 今日运势;
星座运势; 填字游戏; 电视节目表; 今日赛程; 每日新闻; 新聞簡報; 今日要聞; 每日要聞; 一週回顧;
早報; 晚報; 歷史上的今天; 讀者來信; 今日運勢; 星座運勢; 媒体早报; 财经早餐; 今日のニュース;
朝のニュース; 夜のニュース; ニュースまとめ; ニュース一覧; 主要ニュース; 今週のニュース;
一週間のニュース; 朝刊; 夕刊; きょうの予定; 今日の予定; 今週の予定; 週間予定; 写真特集;
今日の写真; 今日は何の日; きょうは何の日; 星占い; 今日の運勢; きょうの運勢; 番組表; 読者の声;
社説; 天声人語; 今日の試合; まとめ読み; 新聞各紙; モーニングサテライト; 뉴스 브리핑;
아침 브리핑; 모닝 브리핑; 저녁 브리핑; 이브닝 브리핑; 오늘의 뉴스; 오늘의 주요 뉴스; 주요 뉴스;
주요뉴스; 간추린 뉴스; 뉴스 모음; 아침 신문; 신문 1면; 조간 브리핑; 한 주간; 이번 주 뉴스;
오늘의 일정; 오늘의 주요일정; 주요일정; 오늘의 사진; 포토 뉴스; 오늘의 운세; 별자리 운세;
십자말풀이; 편성표; 독자 편지; 오늘의 역사; 오늘의 경기; 오늘의 날씨; आज की बड़ी खबरें;
आज की ताजा खबर; आज की खबरें; सुबह की खबरें; सुबह की बड़ी खबरें; बड़ी खबरें; टॉप न्यूज;
मुख्य समाचार; समाचार संक्षेप; मॉर्निंग ब्रीफिंग; न्यूज बुलेटिन; आज का इतिहास; राशिफल;
वर्ग पहेली; berita terpopuler; terpopuler; berita hari ini; rangkuman berita; ringkasan berita;
kilas balik; kaleidoskop; foto hari ini; ramalan zodiak; teka teki silang; jadwal tv;
jadwal acara; jadwal pertandingan; surat pembaca; hari ini dalam sejarah; ban tin sang;
ban tin toi; diem bao; tin tuc trong ngay; tin nong
"""
# Round-ups, unless they name what one has to know about.
_EXPLAINERS = """
what you need to know; things you need to know; things to know; what to know today;
need to know today; das mussen sie wissen; was sie wissen mussen; was wichtig ist;
ce qu'il faut savoir; ce qu'il faut retenir; lo que debes saber; lo que hay que saber;
lo que necesitas saber; lo que tienes que saber; cosa c'e da sapere;
tutto quello che c'e da sapere; o que precisa de saber; o que voce precisa saber;
tudo o que precisa saber; wat je moet weten; dit moet je weten; co trzeba wiedziec;
co warto wiedziec; что нужно знать; что важно знать; що треба знати; що потрібно знати;
bilmeniz gerekenler; bilmeniz gereken; ما تحتاج الى معرفته; كل ما تريد معرفته; 你需要知道;
知っておくべき; 知っておきたい; 알아야 할; आपको जानना चाहिए; yang perlu diketahui;
hal yang perlu
"""
# Only where they are what a part of the title is: "Podcast host arrested" is news.
_WEAK_ROUND_UPS = """
podcast; podcasts; newsletter; newsletters; briefing; quiz; digest; roundup; round up;
headlines; bulletin; puzzle; puzzles; fixtures; letters; calendar; listings; cartoon; cartoons;
notebook; ratsel; fotostrecke; bildergalerie; nachrufe; termine; vorschau; infolettre; l'actu;
diaporama; l'essentiel; boletin; resumen; titulares; agenda; pasatiempos; portadas; notiziario;
bollettino; boletim; resumo; manchetes; destaques; nieuwsbrief; overzicht; puzzel; skrot;
przeglad; подкаст; подкасты; дайджест; сводка; викторина; рассылка; итоги; анонс; вікторина;
розсилка; підсумки; bulten; ozet; podkast; بودكاست; النشرة; نشرة; موجز; حصاد; 播客; 简报; 周刊;
快讯; 要闻; 简讯; ポッドキャスト; まとめ; クイズ; 短信; 予定; 팟캐스트; 뉴스레터; 브리핑; 퀴즈;
단신; 운세; पॉडकास्ट; बुलेटिन; सुर्खियां; सुर्खियाँ; siniar; kuis
"""
# The same few words every day, with other figures.
_DAILY = """
stocks; shares close; shares end; shares open; wall street; wall st; stock market;
stock markets; stock futures; markets wrap; market wrap; market close; market report;
closing bell; opening bell; pre market; premarket; dow jones; nasdaq; s&p 500; ftse; ftse 100;
dax; cac 40; nikkei; hang seng; sensex; nifty; kospi; asx; asx 200; euro stoxx; stoxx 600;
oil prices; oil price; gold price; gold prices; bitcoin price; exchange rate; rupee;
treasury yields; bond yields; lottery results; lottery numbers; lotto results; winning numbers;
powerball; mega millions; euromillions; weather forecast; air quality; pollen count; borse;
borsenschluss; boersen; aktienmarkt; aktien frankfurt; aktien new york; borse frankfurt;
olpreise; goldpreis; devisen; eurokurs; lottozahlen; wetterbericht; wettervorhersage; la bourse;
bourse de paris; bourses; cloture; cours de l'or; prix du petrole; resultats du loto;
tirage du loto; meteo; la bolsa; ibex; ibex 35; bolsa de madrid; bolsas; cierre de mercados;
precio del dolar; dolar hoy; precio del petroleo; precio de la luz; loteria; el tiempo;
pronostico del tiempo; previsao do tempo; borsa; piazza affari; ftse mib; prezzo dell'oro;
estrazioni; lotto e superenalotto; ibovespa; bovespa; dolar fecha; mega sena; psi 20; beurs;
aex; damrak; olieprijs; weerbericht; gpw; wig20; kurs euro; kurs dolara; wyniki lotto; pogoda;
курс доллара; курс евро; курс валют; биржа; индекс мосбиржи; рынок акций; цены на нефть;
прогноз погоды; погода; курс гривни; прогноз погоди; bist 100; borsa istanbul; dolar kuru;
altin fiyatlari; hava durumu; sayisal loto; سعر الدولار; اسعار الذهب; اسعار النفط; البورصة;
مؤشر; حالة الطقس; الطقس; 股市; 沪指; 上证指数; 深成指; 恒指; 恒生指数; 创业板; 收盘; 开盘; 道指;
油价; 金价; 天气预报; 彩票; 汇率; 收盤; 恆指; 台股; 日経平均; 東証; 終値; 為替; 円相場;
天気予報; 宝くじ; ロト6; 原油先物; 東京株; 코스피; 코스닥; 증시; 환율; 마감; 국제유가; 로또;
날씨; शेयर बाजार; सेंसेक्स; निफ्टी; सोने का भाव; पेट्रोल डीजल; मौसम; ihsg; rupiah; bursa;
harga emas; cuaca; prakiraan
"""
_PARTS = re.compile(r"\s[-\u2013\u2014]\s|[:|\u2022\u00b7\uff1a\uff5c\u3010\u3011]|\+\+\+")
_ASIDES = re.compile(r"[(\[][^)\]]*[)\]]")
_FEW_WORDS, _MORE_WORDS = 2, 3
_CHARACTERS_A_WORD = 3
_Phrases: TypeAlias = dict[str, tuple[tuple[str, ...], ...]]


def _words(text: str) -> tuple[str, ...]:
    return tuple([word.strip(WORD_START) for word in folded(text)])


def _by_first_word(phrases: str) -> _Phrases:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in phrases.split(";"):
        words = _words(phrase)
        found[words[0]] = (*found.get(words[0], ()), words)
    return found


_ROUND_UP, _EXPLAINS, _WEAK, _OF_DAYS = map(
    _by_first_word, (_ROUND_UPS, _EXPLAINERS, _WEAK_ROUND_UPS, _DAILY)
)


def _found(words: tuple[str, ...], phrases: _Phrases) -> Iterator[tuple[int, int]]:
    """Yield where in *words* one of *phrases* begins and ends."""
    for at, word in enumerate(words):
        for phrase in phrases.get(word, ()):
            if words[at : at + len(phrase)] == phrase:
                yield at, at + len(phrase)


def is_round_up(title: str) -> bool:
    """Answer whether *title* stands above other news each time that it is used."""
    words = _words(_ASIDES.sub(" ", title))
    if any(True for _ in _found(words, _ROUND_UP)):
        return True
    for start, end in _found(words, _EXPLAINS):
        return _size(words[:start] + words[end:]) <= _FEW_WORDS
    return any(_is_named_so(part) for part in _PARTS.split(_ASIDES.sub(" ", title)))


def _is_named_so(part: str) -> bool:
    """Answer whether *part* of a title is but a name such as "The Daily Podcast"."""
    words = _words(part)
    ends = [end for _, end in _found(words, _WEAK)]
    most = _MORE_WORDS if ends and ends[-1] == len(words) else _FEW_WORDS
    return bool(ends) and _size(words) <= most


def _size(words: Iterable[str]) -> float:
    """Answer how many of *words* tell something; where each is a character, some make one."""
    telling = [word for word in words if word not in STOP_WORDS and not word[0].isdecimal()]
    characters = sum(not word.isascii() and len(word) == 1 for word in telling)
    return len(telling) - characters + characters / _CHARACTERS_A_WORD


def is_daily_report(title: str) -> bool:
    """Answer whether *title* tells of markets, weather or a draw, of which every day has one."""
    return any(True for _ in _found(_words(title), _OF_DAYS))
