"""Sites that keep their feeds where their pages do not say so, or have none."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from monitors.finding.clue import Clue, Unclear

_YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml"
_CHANNEL = r"UC[\w-]{22}"
_LIST = re.compile(r"[\w-]{2,80}", re.ASCII)
_VIDEO = re.compile(r"[\w-]{6,20}", re.ASCII)
# In this order: pages of channels name other channels, too.
_CHANNEL_NAMED = tuple(
    re.compile(pattern.encode() + f"({_CHANNEL})".encode(), re.ASCII)
    for pattern in (
        r"<link rel=[\"']?canonical[\"']? href=[\"']?https://www\.youtube\.com/channel/",
        r"\"videoDetails\":\{[^{}]{0,5000}\"channelId\":\"",
        r"\"externalChannelId\":\"",
        r"\"externalId\":\"",
        r"<meta itemprop=[\"']?(?:channelId|identifier)[\"']? content=[\"']?",
    )
)
_PROFILE_NAMED = re.compile(
    rb'"rel":\s*"http://webfinger\.net/rel/profile-page"[^{}]{0,300}"href":\s*"([^"\s]{1,500})"'
)
_YOUTUBE_CONSENT = (
    "From some countries, YouTube answers programs only for addresses that hold the channel's "
    "number: copy it on the channel's page (Share, Copy channel ID), and write "
    "https://www.youtube.com/channel/ and the number."
)
_REDDIT_ADVICE = (
    "Reddit answers about one request a minute. Your own feeds, at "
    "https://www.reddit.com/prefs/feeds, are answered more readily: add ?feed=…&user=… from there."
)
_REDDIT_SORTS = frozenset(("hot", "new", "top", "rising", "best", "controversial"))
_GITHUB_OWN = frozenset(
    re.findall(
        r"[\w-]+",
        "about apps collections contact customer-stories enterprise explore features login "
        "marketplace new notifications orgs pricing pulls search security settings site "
        "sponsors stars topics trending watching",
    )
)
_NEWS_PAGES = frozenset(("topics", "publications", "search", "stories", "headlines"))
_WITHOUT_FEEDS = {
    "t.me": "Telegram",
    "telegram.me": "Telegram",
    "x.com": "X",
    "twitter.com": "X",
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "linkedin.com": "LinkedIn",
    "tiktok.com": "TikTok",
    "threads.com": "Threads",
    "threads.net": "Threads",
}
# Their profiles look like those of Mastodon.
_OTHER_PROFILES = frozenset(("medium.com", "flipboard.com", "substack.com", "rumble.com"))
_PROFILE = re.compile(r"/@([\w.-]{1,64})(?:@([\w.-]{3,253}))?(?:/(?:\d+|media|with_replies))?/?")
_PROFILE_OF_OLD = re.compile(r"/users/([\w.-]{1,64})/?")
_FRONT = re.compile(r"^(?:www|m|mobile|old|new|np|music)\.")


def clue_of_site(parts: SplitResult) -> Clue | Unclear | None:
    """Answer where the feed of an address is, or None if its site is as others are."""
    host = _FRONT.sub("", (parts.hostname or "").rstrip("."))
    if host in _WITHOUT_FEEDS:
        return _without(_WITHOUT_FEEDS[host])
    path = [part for part in parts.path.split("/") if part]
    read = _SITES.get(host)
    if read:
        return read(parts, path)
    return None if host in _OTHER_PROFILES else _profile(parts)


def feed_named_by(page: bytes) -> str | None:
    """Answer the feed of the channel or profile that *page* is of: of YouTube, or of WebFinger."""
    for pattern in _CHANNEL_NAMED:
        if found := pattern.search(page):
            return f"{_YOUTUBE_FEED}?channel_id={found[1].decode()}"
    profile = _PROFILE_NAMED.search(page)
    if profile is None:
        return None
    address = profile[1].decode("utf-8", "replace").replace("\\/", "/")
    return f"{address.rstrip('/')}.rss"


def is_consent(address: str) -> bool:
    """Answer whether somebody was led to *address* to agree to something, or to log in."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    words = re.split(r"[^a-z]+", f"{parts.hostname} {parts.path}".lower())
    return bool({"consent", "login", "signin", "accounts"} & set(words))


def fediverse(host: str, name: str) -> Clue:
    """Answer where the posts of *name* are, who is at *host* in the Fediverse.

    The server may have another name than the accounts on it; then WebFinger says so.
    """
    account = urlencode({"resource": f"acct:{name}@{host}"}, safe=":@")
    return Clue(
        address=f"https://{host}/@{name}",
        feeds=(f"https://{host}/@{name}.rss",),
        page=f"https://{host}/.well-known/webfinger?{account}",
    )


def _profile(parts: SplitResult) -> Clue | None:
    """Answer where the posts of a profile are, if the address looks like one of the Fediverse."""
    plain = parts._replace(query="", fragment="")
    if found := _PROFILE.fullmatch(parts.path):
        if found[2]:
            return fediverse(found[2].lower(), found[1])
        if found[1].endswith(".rss"):
            return None
        address = plain._replace(path=f"/@{found[1]}").geturl()
        return Clue(address=plain.geturl(), feeds=(f"{address}.rss",))
    if found := _PROFILE_OF_OLD.fullmatch(parts.path):
        if found[1].endswith((".rss", ".atom")):
            return None
        address = plain._replace(path=f"/users/{found[1]}").geturl()
        return Clue(address=plain.geturl(), feeds=(f"{address}.rss", f"{address}.atom"))
    return None


def _without(site: str) -> Unclear:
    return Unclear(
        message=f"{site} has no feeds of its own",
        hint="A bridge on a server of yours can make one, such as RSSHub or RSS-Bridge: add the "
        "address that it gives, and its network to ALLOW_NETWORKS if it is private.",
    )


def _youtube(parts: SplitResult, path: list[str]) -> Clue | None:
    """Answer for a channel, a playlist or a video: that stands for its channel."""
    query = parse_qs(parts.query, max_num_fields=50)
    first, *rest = path or [""]
    if first == "channel" and rest and re.fullmatch(_CHANNEL, rest[0], re.ASCII):
        feed = f"{_YOUTUBE_FEED}?channel_id={rest[0]}"
        return Clue(address=f"https://www.youtube.com/channel/{rest[0]}", feeds=(feed,))
    if first == "playlist":
        number = query.get("list", [""])[0]
        if not _LIST.fullmatch(number):
            return None
        feed = f"{_YOUTUBE_FEED}?playlist_id={number}"
        return Clue(address=f"https://www.youtube.com/playlist?list={number}", feeds=(feed,))
    video = query.get("v", [""])[0] if first == "watch" else ""
    if first in ("shorts", "live", "embed") and rest:
        video = rest[0]
    if (parts.hostname or "").endswith("youtu.be"):
        video = first
    page = None
    if _VIDEO.fullmatch(video):
        page = f"https://www.youtube.com/watch?v={video}"
    elif first.startswith("@"):
        page = f"https://www.youtube.com/{first}"
    elif first in ("c", "user") and rest:
        page = f"https://www.youtube.com/{first}/{rest[0]}"
    return Clue(address=page, page=page, advice=_YOUTUBE_CONSENT) if page else None


def _reddit(parts: SplitResult, path: list[str]) -> Clue | None:
    """Answer for a subreddit, a user, several subreddits of a user, or a post's comments."""
    if not path or path[-1].endswith(".rss"):
        return None
    match [path[0].lower(), *path[1:]]:
        case ["r", name] | ["r", name, "new"]:
            feed = f"/r/{name}/new/"
        case ["r", name, sort] if sort in _REDDIT_SORTS:
            feed = f"/r/{name}/{sort}/"
        case ["r", _, "comments", *_]:
            feed = f"/{'/'.join(path)}/"
        case ["u" | "user", name, "m", several, *_]:
            feed = f"/user/{name}/m/{several}/new/"
        case ["u" | "user", name, *more]:
            feed = f"/user/{name}/{'submitted/' if more[:1] == ['submitted'] else ''}"
        case _:
            return None
    # Whose own feeds they are stands in the query.
    asked = parse_qs(parts.query, max_num_fields=50)
    own = [(name, asked[name][0]) for name in ("feed", "user", "t") if name in asked]
    query = f"?{urlencode(own)}" if own else ""
    address = f"https://www.reddit.com{feed}"
    return Clue(address=address, feeds=(f"{address}.rss{query}",), advice=_REDDIT_ADVICE)


def _github(parts: SplitResult, path: list[str]) -> Clue | None:
    """Answer for a repository: its releases, else its tags or commits; or for a person."""
    if not path or path[-1].endswith(".atom") or path[0].lower() in _GITHUB_OWN:
        return None
    plain = parts._replace(query="", fragment="").geturl()
    if len(path) == 1:
        return Clue(address=plain, feeds=(f"https://github.com/{path[0]}.atom",))
    owner, name, *rest = path
    repository = f"https://github.com/{owner}/{name.removesuffix('.git')}"
    feeds = ["releases", "tags", "commits"]
    match rest:
        case ["commits", *branch] if branch:
            feeds.insert(0, f"commits/{'/'.join(branch)}")
        case [("commits" | "tags" | "discussions") as meant, *_]:
            feeds = list(dict.fromkeys([meant, *feeds]))
    return Clue(address=plain, feeds=tuple(f"{repository}/{feed}.atom" for feed in feeds))


def _bluesky(_parts: SplitResult, path: list[str]) -> Clue | Unclear | None:
    match path:
        case ["profile", _, "rss"]:
            return None
        case ["profile", _, "feed" | "lists", *_]:
            hint = "Add the profiles one by one."
            return Unclear(message="Bluesky has feeds of profiles only, not of lists", hint=hint)
        case ["profile", name, *_]:
            address = f"https://bsky.app/profile/{name}"
            return Clue(address=address, feeds=(f"{address}/rss",))
        case _:
            return None


def _google_news(parts: SplitResult, path: list[str]) -> Clue | Unclear | None:
    """Answer for a search, a topic or an outlet; language and country as the address says."""
    if path[:1] == ["u"]:  # one of several accounts
        path = path[2:]
    if path[:1] == ["rss"]:
        return None
    if path and path[0] in ("articles", "read"):
        return Unclear(
            message="this is one article of Google News",
            hint="Write the address of a search, a topic or an outlet there.",
        )
    asked = {name: values[0] for name, values in parse_qs(parts.query, max_num_fields=50).items()}
    where = "/".join(["rss", *path] if path and path[0] in _NEWS_PAGES else ["rss"])
    query = {"q": asked["q"]} if path == ["search"] and "q" in asked else {}
    feed = f"https://news.google.com/{where}?{urlencode(query | _edition(asked), safe=':')}"
    return Clue(address=feed, feeds=(feed,))


def _edition(asked: Mapping[str, str]) -> dict[str, str]:
    """Answer the language and country of Google News, which its feeds have to be told."""
    given = asked.get("ceid", "").partition(":")
    language = asked.get("hl") or given[2] or "en-US"
    country = asked.get("gl") or given[0]
    if not country:
        own = language.rpartition("-")[2]
        country = own.upper() if len(own) == len("US") else "US"
    # English, Spanish and Portuguese of a country are one language there.
    short = language if language in ("es-419", "pt-419", "zh-Hans", "zh-Hant") else None
    short = short or language.partition("-")[0]
    return {"hl": language, "gl": country, "ceid": asked.get("ceid") or f"{country}:{short}"}


_SITES: Mapping[str, Callable[[SplitResult, list[str]], Clue | Unclear | None]] = {
    "youtube.com": _youtube,
    "youtu.be": _youtube,
    "youtube-nocookie.com": _youtube,
    "reddit.com": _reddit,
    "github.com": _github,
    "bsky.app": _bluesky,
    "news.google.com": _google_news,
}
