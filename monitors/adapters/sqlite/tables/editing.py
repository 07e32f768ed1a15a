"""The tables of the steps that remember how rules.yaml changed; times as in the first step."""

EDITING_TABLES = """
CREATE TABLE rules_text (
    digest TEXT PRIMARY KEY,            -- SHA-256 of the file's bytes
    body BLOB NOT NULL                  -- compressed by zlib
) STRICT;

CREATE TABLE rules_change (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    origin TEXT NOT NULL,               -- chat, file, command line, telegram
    user TEXT,                          -- Telegram's number of who did it
    name TEXT NOT NULL,
    place TEXT,                         -- chat, or chat:topic
    what TEXT NOT NULL,
    before TEXT,                        -- digest; NULL: not known
    after TEXT NOT NULL,
    undoes INTEGER,                     -- the change that it takes back
    renamed_from TEXT,                  -- names of a rule
    renamed_to TEXT
) STRICT;

-- A number is never used again: old buttons must not confirm something else.
CREATE TABLE rules_proposal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL,
    user TEXT,
    name TEXT NOT NULL,
    place TEXT,
    asked TEXT NOT NULL,                -- JSON: the name of an edit, and what it says
    digest TEXT NOT NULL,               -- of the text that it was made on
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
"""

REFUSED_TABLE = """
-- Why rules.yaml is not in force as it stands, if it is not.
CREATE TABLE rules_refused (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    why TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT;
"""
