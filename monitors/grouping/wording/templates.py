"""Words that a desk's templates are made of: quakes, results, recalls, warnings, rates.

They are in the titles of many events, and so alike that they say nothing of which: two titles
that agree in them alone tell of two quakes. They are no names, however they are written.
"""

from monitors.grouping.wording.stems import stems
from monitors.stories.words import cut

_FORMULAIC_WORDS = """
地震 震级 震源 余震 海啸 海嘯 津波 暴雨 豪雨 洪水 颱風 台风 台風 飓风 召回 回收 回収 漏洞 脆弱性
利率 央行 降息 加息 升息 利上げ 基点 决算 決算 业绩 財報 财报 火灾 火災 事故 车祸 車禍 击败 擊敗
战胜 戰勝 试合 試合 比赛 比賽 决赛 決賽 彩票 移籍 转会 轉會 マグニチュード
earthquake quake magnitude aftershock tremor tsunami volcano eruption shakes rocks jolts storm
hurricane typhoon cyclone tornado flood floods warning alert watch advisory wind rain snow ice
heat fog thunderstorm revenue sales profit profits earnings income quarter quarterly q1 q2 q3 q4
h1 h2 beats misses dividend recall recalls recalled recalling contamination allergen salmonella
listeria cve vulnerability flaw bug patch patches rate rates hikes basis interest inflation
crash collision accident motorway closure arrested charged jailed sentenced killed injured fire
blaze shooting stabbing robbery murder beat defeat win wins goal score signs joins transfer loan
lottery lotto jackpot dies died obituary erdbeben beben starke nachbeben vulkan unwetter warnung
wetterdienst sturm orkan gewitter hochwasser hitze glatteis regen schnee umsatz gewinn quartal
quartals ruckruf salmonellen listerien sicherheitslucke schwachstelle zentralbank notenbank
leitzins zinsen unfall autobahn verletzt tote toter tot brand feuer besiegt gewinnt schlagt
wechsel wechselt verpflichtet lottozahlen gestorben seisme tremblement secousse tempete orage
vigilance meteo inondations vent benefice trimestre rappel rappele taux autoroute blesses
incendie bat victoire transfert loto deces faille terremoto sismo temblor seismo magnitud
replica tormenta huracan lluvia viento inundaciones ingresos beneficio ganancias retira retirada
interes accidente heridos incendio gana vence derrota gol ficha fichaje traspaso loteria muere
fallece vulnerabilidad sacude scossa magnitudo allerta temporale vento pioggia ricavi utile
richiamo ritirato tassi incidente feriti batte vince estrazione muore tempestade chuva receita
lucro recolhe juros taxa acidente morre feridos empata transferencia aardbeving kracht
waarschuwing omzet winst kwartaal terugroepactie rente ongeluk gewond wint verslaat trzesienie
ziemi magnitudzie ostrzezenie burza wiatr przychody zysk wycofuje stopy procentowe wypadek ranni
zginal pozar wygrywa pokonuje землетрясение магнитудой магнитуда цунами предупреждение шторм
ветер дождь выручка прибыль квартал квартале отзывает отзыв ключевая ставка ставку центробанк
авария дтп пострадали пожар обыграл победил гол трансфер землетрус магнітудою попередження вітер
виручка прибуток відкликає нацбанк аварія постраждали пожежа переміг deprem buyuklugunde
siddetinde uyari firtina yagmur gelir ceyrek geri cagirdi faiz kaza yarali yangin yendi gempa
guncang peringatan badai hujan pendapatan laba kuartal menarik suku bunga kecelakaan luka
kebakaran menang kalahkan زلزال هزة بقوة ريختر تسونامي تحذير عاصفة امطار ايرادات ارباح الربع
تسحب استدعاء البنك المركزي الفائدة سعر حادث جرحى حريق يفوز يهزم يضرب 지진 규모 쓰나미 경보
주의보 태풍 호우 강풍 매출 영업이익 순이익 분기 리콜 회수 취약점 금리 기준금리 사고 교통사고
부상 화재 승리 이적 भूकंप तीव्रता सुनामी चेतावनी तूफान बारिश राजस्व मुनाफा तिमाही रेपो दर हादसा
मौत घायल आग जीत हराया
マグニチュード
"""

# Written about much else, too.
_GENERAL_WORDS = """
startup raises funding round series seed investors valuation bail judge denies grants hearing
预警 預警 警报 警報 注意報 大雨 强风 強風 营收 營收 净利 淨利 利润 利潤 純利益 利益 季度
四半期 売上高 交通事故 受伤 受傷 死亡 发生 發生 発生 警察 级地 級地 级强 亿元 億元 万元 億円
自主回収 新高 增长 增長
strikes hits weather yellow amber orange red severe results estimates forecasts expectations
consensus guidance tops posts shares stock stocks billion million bn mln percent first second
third fourth full year annual batch remote code execution security update critical bank holds
cuts raises keeps unchanged points police officers appeal witnesses road street lane closed
missing found dead man woman teenager boy girl court trial jury draw match report final cup
league round half deal contract striker midfielder defender manager coach player winning numbers
box office weekend opens aged president minister prime government parliament election vote poll
ergebnis prognose milliarden millionen prozent ruft zuruck polizei zeugen strasse prozess
gericht spiel tor aktien borse kurs prasident regierung wahl mann frau jahriger terre alerte
chiffre affaires resultats milliards millions produits banque centrale directeur temoins route
mort morts ministre bourse aviso alerta ventas resultados millones banco central tasa tasas
tipos policia testigos carretera calle muertos muerto partido presidente ministro bolsa miliardi
milioni banca polizia strada morto morti partita mercato borsa bilhoes milhoes estrada mortos
jogo geel oranje rood miljard miljoen politie getuigen weg dood wedstrijd beurs kwartale mld
policja droga mecz gielda млрд млн банк полиция дорога погибли матч акции биржа президент
министр произошло поліція загинули kar milyar milyon merkez bankasi polis oldu mac meydana geldi
miliar juta polisi jalan tewas saham قوة درجة مليار مليون الشرطة طريق قتلى مباراة رئيس وزير 발생
억원 조원 한국은행 경찰 사망 경기 करोड़ अरब वापस बैंक पुलिस सड़क मैच міністр
"""


def _stemmed(text: str) -> frozenset[str]:
    return frozenset(stemmed for stemmed, _ in stems(text, cut(text)))


TEMPLATE_WORDS = _stemmed(_FORMULAIC_WORDS)
"""What tells that a title is of a template, as `stems.stems` answers it."""

NEVER_NAMES = TEMPLATE_WORDS | _stemmed(_GENERAL_WORDS)
"""What is no name, however it is written."""
