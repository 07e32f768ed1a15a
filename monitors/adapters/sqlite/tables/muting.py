"""The tables of what people mute, and of what they think of alerts."""

MUTING_TABLES = """
CREATE TABLE mute (
    id INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('story', 'outlet', 'rule', 'chat')),
    alert_id INTEGER NOT NULL,          -- that told the story; 0: it is no story
    outlet TEXT NOT NULL,               -- as it was written; '': whichever
    rule TEXT NOT NULL,                 -- '': whichever
    key TEXT NOT NULL,                  -- equal for mutes of the same
    about TEXT NOT NULL,                -- for people
    under INTEGER,                      -- the alert under which it was asked for
    since INTEGER NOT NULL,
    until INTEGER,                      -- NULL: for ever
    who TEXT NOT NULL,                  -- number of the person
    ended_at INTEGER,                   -- NULL: nobody has ended it
    ended_by TEXT
) STRICT;
CREATE UNIQUE INDEX mute_open ON mute (chat, key) WHERE ended_at IS NULL;
CREATE INDEX mute_under ON mute (under) WHERE ended_at IS NULL AND under IS NOT NULL;

-- What a chat was not told because of that; also listed by `alerts`.
CREATE TABLE silenced (
    chat TEXT NOT NULL,
    story_id INTEGER NOT NULL REFERENCES story (id),
    content TEXT NOT NULL,              -- JSON of AlertContent, when it last happened
    why TEXT NOT NULL,
    at INTEGER NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (chat, story_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX silenced_at ON silenced (at);
CREATE INDEX silenced_story ON silenced (story_id);

-- Alerts that somebody calls not relevant.
CREATE TABLE opinion (
    alert_id INTEGER NOT NULL REFERENCES alert (id),
    user TEXT NOT NULL,
    chat TEXT NOT NULL,
    rules TEXT NOT NULL,                -- JSON: names of those that the alert showed then
    at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, user)
) STRICT, WITHOUT ROWID;

-- Which buttons are shown under an alert, where somebody has asked for others.
CREATE TABLE keyboard (
    alert_id INTEGER PRIMARY KEY REFERENCES alert (id),
    page INTEGER NOT NULL
) STRICT;
"""
