"""The tables of conversations."""

TALKING_TABLES = """
CREATE TABLE dialog (
    place TEXT NOT NULL,                -- a chat, and a topic
    user TEXT NOT NULL,
    command TEXT NOT NULL,              -- that asks
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    until INTEGER NOT NULL,             -- so long an answer is waited for
    PRIMARY KEY (place, user)
) STRICT, WITHOUT ROWID;

-- What was asked in the last day, so that it is not done again when it is heard again.
CREATE TABLE heard (
    key TEXT PRIMARY KEY,
    place TEXT NOT NULL,                -- a chat, and a topic
    what TEXT NOT NULL,                 -- it was, for people
    at INTEGER NOT NULL,
    done INTEGER NOT NULL
) STRICT;
CREATE INDEX heard_at ON heard (at);
CREATE INDEX heard_begun ON heard (at) WHERE NOT done;

-- Why people are not heard; no row: they are.
CREATE TABLE deaf (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    why TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT;

-- The menus that Telegram has been told.
CREATE TABLE menu (
    name TEXT PRIMARY KEY,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
