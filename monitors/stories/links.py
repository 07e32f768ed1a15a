"""Canonical links: two addresses of one page become equal.

The tables say what is left out, and how a link within a link is found. Two articles taken for
one are worse than one taken for two: what may be the number of an article stays.
"""

import base64
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit, urlunsplit

MAX_CHARACTERS = 2_000
MOST_PARAMETERS = 80
# Links within links. Nobody wraps as often, but for mischief.
_DEEPEST = 6

# Parameters that no site finds an article by, whatever they say, in lower case.
_TRACKING = (
    # Counting of visits: Google, Matomo, AT Internet, Webtrekk, comScore, Adobe and others.
    r"utm_.+|ga_(source|medium|campaign|content|term|place)|_g[al]|_gac",
    r"(pk|mtm|piwik)_(campaign|kwd|keyword|source|medium|content|cid|group|placement)",
    r"at_.+|xtor|xt(cr|np|ref|loc)",
    r"wt\..+|wt_z?mc.*|wtrid",
    r"ns_(mchannel|source|campaign|linkname|fee)|s_kwcid|s_cid|ef_id",
    r"(cmp|sfmc|hsa|itm|stm|otm|hmb)_.+|cmpid|intcmp|intcid|icmp|ftcamp",
    r"_openstat|traffic_?source|tracking_source|echobox",
    # Clicks on advertisements and on buttons that share.
    r"(fb|g|d|tw|tt|y|ys)clid|msclkid|[gw]braid|gclsrc|srsltid|rb_clickid|rdt_cid|wickedid",
    r"li_fat_id|dicbo|tblci|_branch_(match_id|referrer)|guc(e_.+|counter)",
    r"igsh(id)?|mibextid|sfnsn|__twitter_impression|sr_share|soc_(src|trk)|sharetoken",
    r"fb_(action_(ids|types)|ref|source|comment_id)|action_(object|type|ref)_map|fref",
    # Newsletters.
    r"mc_(cid|eid|tc)|_hs(enc|mi)|__hs(fp|sc|tc)|hsctatracking|mkt_tok|emc|_bhlid|__s",
    r"oly_(anon|enc)_id|vero_(id|conv)|ml_subscriber(_hash)?|ck_subscriber_id|sc_cid",
    # Publishers, portals, AMP and sessions.
    r"ocid|ncid|oicd|cvid|smid|smtyp|ftag|spm|mbid|cndid|tpcc|wprss|wpisrc|feed(type|name)",
    r"amp_(js_v|gsa|kit|analytics|markup)|usqp|phpsessid|jsessionid",
)
_YES = r"|1|true|yes|y|on"
_AMP = rf"{_YES}|amp"
_FROM_FEED = r"(.*[-_.:])?(rss|rdf|atom|feeds?|feedburner|newsfeed)([-_.:\d].*)?"
_FROM_SITE = (
    r"twitter|tw|x|facebook|fb|instagram|linkedin|reddit|whatsapp|telegram|tumblr|pinterest|e?mail"
    r"|(daily_?)?newsletter|google(_?news)?|flipboard|social|share"
)
_WORD = r"\D{0,24}"
# Parameters that are the number of an article on some sites, with the values with which they
# are none. Only beside something else that names a page.
_DOUBTFUL = (
    (r"amp|_amp|isamp|is_amp", _AMP),
    (r"outputtype|output|format|view|mode|variant|type", r"amp(html)?"),
    (r"rss|from_?rss", rf"{_YES}|rss|feed"),
    (r"partner|source|src|from|via|origin|channel|feature|medium", rf"{_FROM_FEED}|{_FROM_SITE}"),
    (r"ref_?|ref_?(src|url|source|campaign)|refer|referr?er", _WORD),
    (r"share|shared|sh|cmp|campaign|ic?id", _WORD),
    (r"trk|tracking", _WORD),
)
# Parameters that name nothing at these places alone.
_OF_SITES = (
    (r"([^/]+\.)?youtube\.com", r"feature|si|ab_channel|pp|t|start_radio"),
    (r"([^/]+\.)?(twitter|x)\.com", r"s|t"),
    (r"([^/]+\.)?instagram\.com", r"hl|img_index"),
    (r"([^/]+\.)?reddit\.com", r"rdt|share_id|context"),
    (r"news\.google\.com/(rss/)?(articles|read)", r"oc|hl|gl|ceid"),
    (r"([^/]+\.)?(nytimes|marketwatch|wsj|barrons)\.com", r"mod|siteid|partner|campaign_id|nl"),
    (r"([^/]+\.)?washingtonpost\.com", r"itid|tid|hpid|nid|pwapi_token"),
    (r"([^/]+\.)?(ft|bloomberg)\.com", r"segmentid|srnd|sref|leadsource"),
    (r"([^/]+\.)?dailymail\.co\.uk", r"ito"),
    (r"([^/]+\.)?reuters\.com", r"rpc|virtualbrandchannel|taid"),
)
_TRACKS = re.compile("|".join(_TRACKING))
_IN_DOUBT = tuple((re.compile(names), re.compile(values)) for names, values in _DOUBTFUL)
_NAMES_OF_SITES = tuple(
    (re.compile(rf"(?:{site_})(?:/|$)"), re.compile(names)) for site_, names in _OF_SITES
)
_ANY_SITE = re.compile("|".join(site_.pattern for site_, _ in _NAMES_OF_SITES))

# What of a path names no page of its own; taking out the one may uncover another.
_NOT_OF_PATH = re.compile(
    r"/amp(?=/|$)|(?:\.amp)+(?=\.html?$)|;jsessionid=[^/;]*"
    r"|(?:\.amp|/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|cfm)|/)+$",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jspx?|cgi|cfm|pl|do|dll|nsf)$", re.IGNORECASE)
# Old sites that are one page keep the address of the article there.
_ARTICLE_IN_FRAGMENT = re.compile(r"[!/].*\w.*")

# en.m.wikipedia.org is en.wikipedia.org.
_FRONT = re.compile(r"^(?:(?:www\d?|m|mobile|mobil|amp|touch|wap)\.)+(?=[^.]+\.)")
_M_INSIDE = re.compile(r"^([a-z]{2,3}(?:-[a-z]{2,8})?)(?:\.m)+\.(?=[^.]+\.)")
_DOTS = ".\u3002\uff0e\uff61"  # what ends a label of a host, in any script
_NO_HOST = re.compile(r"[\x00-\x20\x7f/\\?#@\[\]]")
# What anybody may reach: no numbers, no names that mean another host in every house.
_PUBLIC = re.compile(
    r"(?:[a-z0-9_-]+\.)+(?!(?:local|localhost|localdomain|internal|intranet|lan|home|corp)$)"
    r"[a-z][a-z0-9-]+"
)
_KEPT = "/:@!$&'()*+,;=~-._"
_KEPT_IN_QUERY = "/:@!$'()*,~-._"
_KEPT_IN_FRAGMENT = f"{_KEPT}?"
_KEPT_IN_ADDRESS = f"{_KEPT}?#%[]"
_SLASHES = re.compile(r"/{2,}")
_ESCAPED_TWICE = re.compile(r"^(?:amp;)+")

_GOOGLE = r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}"


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """A service whose links hold the address that they lead to.

    Attributes:
        host: of the service, a pattern.
        place: a pattern of the path, and of the query behind it where the address stands in
            the path; there `address` is the address, `s` that it is of https.
        names: of the parameters that may hold the address.
        is_copy: whether it shows a copy of the page, which may be all that is left of it.
    """

    host: str
    place: str
    names: tuple[str, ...] = ()
    is_copy: bool = False


_WRAPPERS = (
    _Wrapper(_GOOGLE, r"/url", ("url", "q")),
    _Wrapper(r"news\.google\.(?:com?\.)?[a-z]{2,3}", r"/news/url", ("url",)),
    _Wrapper(r"(?:www\.)?bing\.com", r"/news/apiclick\.aspx", ("url",)),
    _Wrapper(r"r\.search\.yahoo\.com", r".*?/RU=(?P<address>[^/]+)(?:/.*)?"),
    _Wrapper(r"(?:[\w-]+\.)*rd\.yahoo\.com|redir\.folha\.com\.br", r".*?/\*(?P<address>https?:.+)"),
    _Wrapper(r"duckduckgo\.com", r"/l/", ("uddg",)),
    _Wrapper(r"(?:lm?|www|m)\.facebook\.com", r"/l\.php", ("u",)),
    _Wrapper(r"l\.(?:instagram\.com|threads\.(?:com|net))", r"/?", ("u",)),
    _Wrapper(r"out\.reddit\.com", r".*", ("url",)),
    _Wrapper(r"t\.umblr\.com", r"/redirect", ("z",)),
    _Wrapper(r"(?:www\.|m\.)?youtube\.com", r"/redirect", ("q",)),
    _Wrapper(r"(?:www\.)?linkedin\.com", r"/redir/redirect", ("url",)),
    _Wrapper(r"(?:www\.)?vk\.com", r"/away\.php", ("to",)),
    _Wrapper(r"(?:www\.)?getpocket\.com", r"/redirect", ("url",)),
    _Wrapper(r"go\.(?:redirectingat|skimresources)\.com", r"/?", ("url",)),
    _Wrapper(r"[\w.-]+\.safelinks\.protection\.outlook\.com", r"/?", ("url",)),
    _Wrapper(_GOOGLE, r"/amp/(?P<s>s/)?(?P<address>.+)"),
    _Wrapper(
        r"(?:[\w-]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)", r"/[cv]/(?P<s>s/)?(?P<address>.+)"
    ),
    _Wrapper(r"web\.archive\.org", r"/web/\d{4,14}[a-z_]{0,4}/(?P<address>.+)", is_copy=True),
)
_WRAPPING = tuple(
    (re.compile(one.host), re.compile(one.place, re.IGNORECASE | re.DOTALL), one)
    for one in _WRAPPERS
)
_WRAPS = re.compile("|".join(f"(?:{one.host})" for one in _WRAPPERS))
_CODED_SCHEME = re.compile(r"https?%3a", re.IGNORECASE)
_CUT_SCHEME = re.compile(r"(https?):/{1,2}", re.IGNORECASE)
_GOOGLE_NEWS = re.compile(
    r"news\.google\.com(?:/__i)?(?:/rss)?(?:/rd)?/(?:articles|read)/(CBMi[\w-]+)=*"
)
# On many hosts: feedsportal wrote the address into the path, with these codes.
_FEEDSPORTAL = re.compile(r"/c/\d+/f/\d+/s/[0-9a-f]+/(?:\w+/\d+/)*l/(0[LM][^/]+)/\w+\.html?")
_CODE = re.compile(r"0([A-Z])")
_CODES = dict(zip("ABCDEFGHIJKPQRTUVWXYZ", "0./?-=&,_%+;|:#$~!()Z", strict=True)) | {
    "L": "http://",
    "M": "https://",
    "N": ".com",
    "O": ".co.uk",
    "S": "www.",
}
_ONE_MORE = 0x80  # the bit that says that a number goes on
# FeedBurner's, and whatever host stands in front of it; they hold no address.
_BURNED = re.compile(r"/~r/[^/]+/.+")


def canonical(link: str | None) -> str | None:
    """Answer *link* without what differs between two addresses of one page.

    Scheme, `www.` and mobile hosts, AMP, the fragment, tracking parameters, their order and
    a last slash do not matter, nor the service that the link goes by if it says where to.
    None where there is no http(s) address that can be opened, or one of more than 2000
    characters or 80 parameters. Idempotent.
    """
    for _ in range(_DEEPEST):
        if inner := _wrapped(link):
            link = inner
            continue
        plain = _normal(link)
        if plain is None or plain == link or not _wrapped(plain):
            return plain
        link = plain
    return None


def unwrapped(link: str) -> str:
    """Answer the address that *link* leads to by way of a service, or *link* itself.

    For people, and as it was written. A copy in an archive may be meant as such, and stays.
    """
    found = link
    for _ in range(_DEEPEST):
        inner = _wrapped(found, copies=False)
        if inner is None:
            return found
        found = inner
    return link


def is_front_page(canonical_link: str) -> bool:
    """Answer whether a canonical link leads to a site as a whole, and so to no article."""
    parts = urlsplit(canonical_link)
    return not (parts.path or parts.query or parts.fragment)


def is_burned(link: str) -> bool:
    """Answer whether *link* goes by a feed service and does not say where to."""
    parts = _split(link)
    return parts is not None and _BURNED.fullmatch(parts.path) is not None


def is_public(link: str | None) -> bool:
    """Answer whether *link* has a host that is the same one to everybody."""
    return _PUBLIC.fullmatch(_host(_split(link)) or "") is not None


def site(link: str | None) -> str | None:
    """Answer the host that *link* leads to without `www.` and mobile prefixes, or None.

    In lower case; a name in another script than Latin comes as the Internet writes it (`xn--…`).
    """
    host = _host(_split(canonical(link) or link))
    return host and _M_INSIDE.sub(r"\1.", _FRONT.sub("", host))


def _split(link: str | None) -> SplitResult | None:
    """Answer the parts of *link*, or None where it has none or is too long to be looked into."""
    if not link or len(link) > MAX_CHARACTERS:
        return None
    try:
        link.encode()
        return urlsplit(link.strip())
    except ValueError:  # half a surrogate pair, brackets that hold no address
        return None


def _host(parts: SplitResult | None) -> str | None:
    """Answer the host of an address in lower case, as the Internet writes it."""
    host = (parts.hostname or "").rstrip(_DOTS) if parts else ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:  # no name of a host
            return None
    return None if not host or _NO_HOST.search(host) else host.lower()


def _normal(link: str | None) -> str | None:
    """Answer *link* by the tables, whatever it wraps, or None where it cannot be opened."""
    parts = _split(link)
    host = _host(parts)
    if parts is None or host is None or parts.scheme not in ("http", "https"):
        return None
    host = _M_INSIDE.sub(r"\1.", _FRONT.sub("", host))
    try:
        port = parts.port
        path, fragment = _path(parts.path), _spelt(parts.fragment, _KEPT_IN_FRAGMENT)
        query = _query(parts.query, host, path)
    except ValueError:  # a port that is none, too many parameters
        return None
    at = f"[{host}]" if ":" in host else host
    if port and port not in (80, 443):
        at = f"{at}:{port}"
    shown = fragment if _ARTICLE_IN_FRAGMENT.fullmatch(fragment) else ""
    address = urlunsplit(("https", at, path, query, shown))
    return address if len(address) <= MAX_CHARACTERS else None


def _path(path: str) -> str:
    """Answer *path* with one spelling of its percent signs and slashes, and without AMP."""
    plain = _spelt(path, _KEPT)
    while (shorter := _tidy(plain)) != plain:
        plain = shorter
    return plain


def _tidy(path: str) -> str:
    return _NOT_OF_PATH.sub("", _SLASHES.sub("/", path))


def _query(query: str, host: str, path: str) -> str:
    """Answer *query* sorted, without what tracks the reader; *host* and *path* are in front."""
    if not query:
        return ""
    if query.count("&") >= MOST_PARAMETERS:
        raise ValueError(query)
    parts = (_ESCAPED_TWICE.sub("", part) for part in query.replace("+", "%20").split("&"))
    place = f"{host}{path}"
    known = _ANY_SITE.match(place) is not None
    of_site = [names for site_, names in _NAMES_OF_SITES if known and site_.match(place)]
    sure: list[str] = []
    doubtful: list[str] = []
    for name, _, value in (part.partition("=") for part in parts if part):
        name, value = _spelt(name, _KEPT_IN_QUERY), _spelt(value, _KEPT_IN_QUERY)  # noqa: PLW2901
        lower = name.lower()
        if _TRACKS.fullmatch(lower) or any(names.fullmatch(lower) for names in of_site):
            continue
        told = doubtful if _is_doubtful(lower, unquote(value).lower()) else sure
        told.append(f"{name}={value}")
    names_a_page = sure or (path and not _SCRIPT.search(path))
    return "&".join(sorted(sure if names_a_page else doubtful))


def _is_doubtful(name: str, value: str) -> bool:
    return any(names.fullmatch(name) and values.fullmatch(value) for names, values in _IN_DOUBT)


def _wrapped(link: str | None, *, copies: bool = True) -> str | None:
    """Answer the address that *link* holds, which leads there; not for copies unless *copies*."""
    parts = _split(link)
    host = _host(parts)
    if parts is None or host is None or parts.scheme not in ("http", "https"):
        return None
    if found := _FEEDSPORTAL.fullmatch(parts.path):
        return _address(_CODE.sub(lambda code: _CODES.get(code[1], code[0]), found[1]))
    return _of_service(parts, host, copies=copies) if _WRAPS.fullmatch(host) else None


def _of_service(parts: SplitResult, host: str, *, copies: bool) -> str | None:
    """Answer the address that a link to one of the services holds; *host* is one of theirs."""
    if found := _GOOGLE_NEWS.fullmatch(f"{host}{parts.path}"):
        return _of_google_news(found[1])
    for hosts, place, wrapper in _WRAPPING:
        if not hosts.fullmatch(host) or (wrapper.is_copy and not copies):
            continue
        if wrapper.names and place.fullmatch(parts.path):
            return _of_query(parts.query, wrapper.names)
        behind = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if not wrapper.names and (found := place.fullmatch(behind)):
            return _of_path(found)
    return None


def _of_query(query: str, names: tuple[str, ...]) -> str | None:
    """Answer the first address under one of *names* in *query*."""
    given = dict(part.partition("=")[::2] for part in reversed(query.split("&")))
    found = (_address(_plain(given[name])) for name in names if name in given)
    return next((address for address in found if address), None)


def _of_path(found: re.Match[str]) -> str | None:
    """Answer the address in a path; its scheme may be left out, be cut, or stand before it."""
    written = found["address"]
    if _CODED_SCHEME.match(written):
        written = _plain(written)
    scheme = "https" if found.groupdict().get("s") else "http"
    cut = _CUT_SCHEME.match(written)
    return _address(f"{cut[1]}://{written[cut.end() :]}" if cut else f"{scheme}://{written}")


def _of_google_news(code: str) -> str | None:
    """Answer the address in the *code* of an article at Google News; newer ones hold none."""
    try:
        told = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except ValueError:
        return None
    # A field of text: its length in seven bits a byte, the low ones first.
    start = 3
    size = told[start] if len(told) > start else 0
    if size >= _ONE_MORE and len(told) > start + 1:
        start += 1
        size = size - _ONE_MORE + told[start] * _ONE_MORE
    return _address(quote(told[start + 1 : start + 1 + size], safe=_KEPT_IN_ADDRESS))


def _plain(written: str) -> str:
    """Answer a parameter without its percent signs; some services put them twice."""
    plain = quote(unquote_to_bytes(written), safe=_KEPT_IN_ADDRESS)
    return (
        quote(unquote_to_bytes(plain), safe=_KEPT_IN_ADDRESS)
        if _CODED_SCHEME.match(plain)
        else plain
    )


def _address(written: str) -> str | None:
    """Answer *written* if it is an address that anybody may open."""
    parts = _split(written)
    if parts is None or parts.scheme not in ("http", "https") or not is_public(written):
        return None
    return written


def _spelt(text: str, kept: str) -> str:
    """Answer *text* with percent signs where they are needed.

    Byte by byte: pages in other encodings than UTF-8 differ in bytes that are no characters.
    """
    return quote(unquote_to_bytes(text), safe=kept)
