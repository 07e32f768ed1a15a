"""The tables of the first step; times are milliseconds since 1970."""

FIRST_TABLES = """
CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    place INTEGER,                      -- in rules.yaml; NULL: no longer there, not polled
    host TEXT,                          -- that is asked; NULL: a file
    next_poll_at INTEGER NOT NULL,
    token TEXT,                         -- of who polls it now
    leased_until INTEGER,
    asked_at TEXT,                      -- where it has moved for good
    posts_a_day REAL NOT NULL DEFAULT 0,
    troubled INTEGER NOT NULL DEFAULT 0, -- it fails, or people were told that it did
    memory TEXT                         -- JSON of Memory; NULL: never polled
) STRICT;
CREATE INDEX feed_due ON feed (next_poll_at) WHERE place IS NOT NULL;
CREATE INDEX feed_moved ON feed (asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX feed_troubled ON feed (host) WHERE troubled AND place IS NOT NULL;

-- Asked by feeds and pages alike, one at a time.
CREATE TABLE host (
    name TEXT PRIMARY KEY,
    free_at INTEGER NOT NULL,           -- from when on it may be asked again
    token TEXT,                         -- of who asks it now
    leased_until INTEGER,
    strikes INTEGER NOT NULL DEFAULT 0, -- how often in a row it asked to be left alone
    why TEXT
) STRICT, WITHOUT ROWID;

-- At WebSub hubs; at most one that is wanted a feed.
CREATE TABLE subscription (
    callback TEXT PRIMARY KEY,          -- end of the address that the hub calls
    feed_id INTEGER NOT NULL REFERENCES feed (id),
    host TEXT,                          -- of the hub
    wanted INTEGER NOT NULL,            -- 0: to be ended
    due_at INTEGER,                     -- when the hub is asked next; NULL: never
    state TEXT NOT NULL                 -- JSON of Subscription
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX subscription_feed ON subscription (feed_id) WHERE wanted;
CREATE INDEX subscription_due ON subscription (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    related_to INTEGER REFERENCES story (id), -- that is likely the same event
    related_by TEXT                     -- JSON of Reason
) STRICT;
CREATE INDEX story_related ON story (related_to) WHERE related_to IS NOT NULL;

CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    story_id INTEGER NOT NULL REFERENCES story (id),
    joined_by TEXT NOT NULL,            -- JSON of Reason: why it belongs to that story
    identity TEXT NOT NULL,
    url TEXT,
    identifier TEXT,
    title_key TEXT,
    published_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    revision INTEGER NOT NULL           -- the newest one
) STRICT;
CREATE INDEX article_story ON article (story_id);
CREATE INDEX article_url ON article (url);
CREATE INDEX article_identifier ON article (identifier, seen_at);
CREATE INDEX article_title ON article (title_key, seen_at);
CREATE INDEX article_seen ON article (seen_at);

-- What later articles are compared with, of the newest revision.
CREATE TABLE sketch (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    at INTEGER NOT NULL,                -- when its event was reported, in seconds
    body BLOB NOT NULL                  -- see grouping/sketch.py
) STRICT;
CREATE INDEX sketch_at ON sketch (at);

-- Articles that a person has said to report two events.
CREATE TABLE apart (
    article_id INTEGER NOT NULL REFERENCES article (id),
    other_id INTEGER NOT NULL REFERENCES article (id),
    who TEXT NOT NULL,                  -- a Telegram user, or 'command line'
    at INTEGER NOT NULL,
    PRIMARY KEY (article_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX apart_other ON apart (other_id);

-- Stories that a person has joined to another one; they have no article meanwhile.
CREATE TABLE joined (
    story_id INTEGER PRIMARY KEY REFERENCES story (id),
    into_id INTEGER NOT NULL REFERENCES story (id),
    article_id INTEGER NOT NULL REFERENCES article (id), -- its first
    who TEXT NOT NULL,                  -- as above
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX joined_into ON joined (into_id);

CREATE TABLE revision (
    article_id INTEGER NOT NULL REFERENCES article (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    text TEXT NOT NULL,
    from_page INTEGER NOT NULL,
    link TEXT,
    outlet TEXT NOT NULL,
    author TEXT,
    lang TEXT,
    seen_at INTEGER NOT NULL,
    tags TEXT NOT NULL,                 -- one a line
    PRIMARY KEY (article_id, number)
) STRICT;

-- The folded words of the newest revision of each article, by its id; see search.py. A word
-- ends at the line's end only: every sign of ASCII that a word may have is part of it.
CREATE VIRTUAL TABLE article_words USING fts5 (
    words, content = '', detail = none, columnsize = 0,
    tokenize = 'ascii tokenchars '' !"#$%&''''()*+,-./:;<=>?@[\\]^_`{|}~'''
);
CREATE VIRTUAL TABLE article_vocabulary USING fts5vocab (article_words, row);

CREATE TABLE sighting (
    feed_id INTEGER NOT NULL REFERENCES feed (id),
    identity TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article (id),
    content_hash TEXT NOT NULL,
    link INTEGER,                       -- hash of its canonical link
    title INTEGER,                      -- hash of its title, or else its text
    text INTEGER,                       -- hash of its text
    published_at INTEGER,               -- NULL: no date, or none that can be true
    first_at INTEGER NOT NULL,          -- when the feed first called it so
    PRIMARY KEY (feed_id, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_article ON sighting (article_id);
CREATE INDEX sighting_link ON sighting (feed_id, link) WHERE link IS NOT NULL;
CREATE INDEX sighting_title ON sighting (feed_id, title, published_at) WHERE title IS NOT NULL;

CREATE TABLE match (
    article_id INTEGER NOT NULL REFERENCES article (id),
    rule TEXT NOT NULL,
    revision INTEGER NOT NULL,          -- into whose texts the evidence points
    evidence TEXT NOT NULL,             -- JSON: [[field, start, end], ...]
    rulebook TEXT NOT NULL,             -- digest of the rules.yaml under which it held
    edited INTEGER NOT NULL,            -- it began to hold when the article was edited
    matched_at INTEGER NOT NULL,
    PRIMARY KEY (article_id, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_rule ON match (rule, matched_at);

CREATE TABLE page (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    feed_id INTEGER NOT NULL REFERENCES feed (id),
    link TEXT NOT NULL,
    url TEXT,                           -- the canonical link
    host TEXT,                          -- that is asked; NULL: none can be
    near INTEGER NOT NULL,              -- the user's own, and asked as often as needed
    urgent INTEGER NOT NULL,            -- a rule of high priority holds in part
    wanted_at INTEGER NOT NULL,
    due_at INTEGER,                     -- NULL: read, or given up
    token TEXT,
    leased_until INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    asked_at INTEGER,
    outcome TEXT,                       -- 'read', or why not
    ended_at INTEGER
) STRICT;
CREATE INDEX page_waiting ON page (urgent DESC, wanted_at DESC) WHERE due_at IS NOT NULL;
CREATE INDEX page_waiting_of ON page (host, urgent DESC, wanted_at DESC)
    WHERE due_at IS NOT NULL;
CREATE INDEX page_oldest ON page (wanted_at) WHERE due_at IS NOT NULL;
CREATE INDEX page_asked ON page (asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX page_asked_of ON page (host, asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX page_read ON page (url, ended_at) WHERE outcome = 'read';
CREATE INDEX page_feed ON page (feed_id);

-- What is known of a host for the sake of pages; feeds do not mind it.
CREATE TABLE page_host (
    name TEXT PRIMARY KEY,
    free_at INTEGER NOT NULL,           -- from when on a page may be asked for
    robots TEXT,                        -- the lines of its robots.txt that speak to us
    robots_until INTEGER                -- until when they are believed
) STRICT, WITHOUT ROWID;

-- Rules that hold in part for an article of which no more can be read.
CREATE TABLE partial_hold (
    article_id INTEGER NOT NULL REFERENCES article (id),
    rule TEXT NOT NULL,
    revision INTEGER NOT NULL,          -- into whose texts the evidence points
    hold TEXT NOT NULL,                 -- JSON of PartialHold
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (article_id, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX partial_hold_kept ON partial_hold (kept_at);

CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    story_id INTEGER NOT NULL REFERENCES story (id),
    content TEXT NOT NULL,              -- JSON of AlertContent, the newest version
    version INTEGER NOT NULL,
    high INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    rings_at INTEGER NOT NULL,
    held_why TEXT,
    message_id TEXT,
    destination TEXT,
    reply_to INTEGER REFERENCES alert (id), -- of a story that is likely the same event
    UNIQUE (chat, story_id)
) STRICT;
CREATE INDEX alert_rings ON alert (chat, rings_at);
CREATE INDEX alert_reply ON alert (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX alert_story ON alert (story_id);
CREATE INDEX alert_message ON alert (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX alert_destination ON alert (destination) WHERE destination IS NOT NULL;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    alert_id INTEGER REFERENCES alert (id),
    kind TEXT NOT NULL CHECK (kind IN ('alert', 'revision', 'reply', 'notice')),
    version INTEGER NOT NULL,           -- of the alert that it brings
    reply TEXT,                         -- JSON of AlertContent, of a reply
    notice TEXT,
    buttons TEXT,                       -- JSON: [[label, data], ...], of a notice
    high INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('pending', 'sending', 'sent', 'in doubt', 'parked', 'dropped')),
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    doubts INTEGER NOT NULL DEFAULT 0,  -- attempts of which nobody knows whether they arrived
    why TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    shown_as TEXT                       -- of a reply: the number of its message
) STRICT;
CREATE INDEX outbox_shown ON outbox (shown_as) WHERE shown_as IS NOT NULL;
CREATE UNIQUE INDEX outbox_alert ON outbox (alert_id) WHERE kind = 'alert';
CREATE INDEX outbox_revision ON outbox (alert_id) WHERE kind = 'revision';
CREATE INDEX outbox_reply ON outbox (chat, due_at) WHERE kind = 'reply';
CREATE INDEX outbox_open ON outbox (chat, state) WHERE state NOT IN ('sent', 'dropped');
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('pending', 'in doubt');

CREATE TABLE delivery_attempt (
    outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    took_ms INTEGER,
    outcome TEXT NOT NULL,
    why TEXT,
    PRIMARY KEY (outbox_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat_pace (
    chat TEXT PRIMARY KEY,
    free_at INTEGER NOT NULL
) STRICT;

CREATE TABLE heartbeat (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at INTEGER NOT NULL,
    process INTEGER NOT NULL,
    rulebook TEXT NOT NULL              -- digest of the rules.yaml in force
) STRICT;
"""
