"""The tables of the second step: the outbox by peer, and what Telegram asked of each peer."""

import json

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import notice_json
from monitors.alerts.showing.buttons import Button
from monitors.pipeline.records import Notice

SENDING_TABLES = """
-- What Telegram counts limits by: see alerts/destinations.py; '*' is all of Telegram.
CREATE TABLE peer (
    peer TEXT PRIMARY KEY,
    free_at INTEGER NOT NULL DEFAULT 0,    -- from when on its pace allows a message
    edit_at INTEGER NOT NULL DEFAULT 0,    -- from when on it allows a change of one
    hold_until INTEGER NOT NULL DEFAULT 0, -- left alone: Telegram asks for it, or it failed
    hold_why TEXT,
    parked_why TEXT,                       -- it takes nothing; NULL: it does
    parked_at INTEGER,
    check_at INTEGER,                      -- when it is tried again by itself, while parked
    told INTEGER NOT NULL DEFAULT 0,       -- the administrators know that it is lost
    recent TEXT NOT NULL DEFAULT '[]'      -- JSON: [[time, whether it changed one], ...]
) STRICT, WITHOUT ROWID;

-- Which peer a chat of rules.yaml is, by the rules in force.
CREATE TABLE chat_peer (
    chat TEXT PRIMARY KEY,
    peer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Groups that live on under another number; rules.yaml may still say the old one.
CREATE TABLE moved (
    old TEXT PRIMARY KEY,
    new TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers of messages that are known to be somebody's: no letter in doubt is one of them.
CREATE TABLE seen_message (
    counter TEXT NOT NULL,                 -- that gives out the numbers
    message_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (counter, message_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE alert ADD COLUMN edited_at INTEGER; -- when its message was last changed

CREATE TABLE outbox_now (
    id INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    peer TEXT NOT NULL,
    alert_id INTEGER REFERENCES alert (id),
    kind TEXT NOT NULL CHECK (kind IN ('alert', 'revision', 'reply', 'digest', 'notice')),
    version INTEGER NOT NULL,              -- of the alert that it brings
    reply TEXT,                            -- JSON of AlertContent, of a reply
    notice TEXT,                           -- JSON of Notice, of a notice or digest
    priority INTEGER NOT NULL,             -- 0 is most urgent: see Priority
    rank INTEGER NOT NULL,                 -- the smallest of a peer goes first
    editing INTEGER NOT NULL,              -- it changes a message instead of sending one
    state TEXT NOT NULL CHECK (state IN
        ('pending', 'sending', 'sent', 'in doubt', 'parked', 'dropped', 'dead')),
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,   -- how often it was claimed; names the last claim
    failures INTEGER NOT NULL DEFAULT 0,   -- in a row
    failing_since INTEGER,
    doubts INTEGER NOT NULL DEFAULT 0,     -- attempts of which nobody knows whether they arrived
    unsought INTEGER NOT NULL DEFAULT 0,   -- those of them that can be looked for no more
    keyboard TEXT,                         -- JSON of the buttons that it was last sent with
    floor INTEGER,                         -- the last number known when it was sent
    ceiling INTEGER,                       -- the last number that it may have
    guess INTEGER,                         -- the last number that was asked about
    probes INTEGER NOT NULL DEFAULT 0,     -- how many were asked about
    probing INTEGER NOT NULL DEFAULT 0,    -- the claim asks, and sends nothing
    why TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    shown_as TEXT,                         -- number of the message of a reply, digest or notice
    folded_into INTEGER REFERENCES outbox_now (id) -- the digest that tells of it instead
) STRICT;

INSERT INTO outbox_now (id, chat, peer, alert_id, kind, version, reply, notice, priority, rank,
    editing, state, due_at, attempts, failures, doubts, why, created_at, sent_at, shown_as)
SELECT id, chat,
    CASE WHEN chat LIKE 'admin:%'
        THEN substr(chat, 7, instr(substr(chat, 7) || ':', ':') - 1) ELSE '?' || chat END,
    alert_id, kind, version, reply, notice,
    CASE kind WHEN 'revision' THEN 3 WHEN 'notice' THEN 5 ELSE 2 - high END,
    due_at + 60000 * CASE kind WHEN 'revision' THEN 3 WHEN 'notice' THEN 5 ELSE 2 - high END,
    kind = 'revision', CASE WHEN kind = 'revision' AND state IN ('in doubt', 'sending')
        THEN 'pending' ELSE state END,
    due_at, attempts, 0, doubts, why, created_at, sent_at, shown_as
FROM outbox;

CREATE TABLE delivery_attempt_now (
    outbox_id INTEGER NOT NULL REFERENCES outbox_now (id),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    took_ms INTEGER,
    outcome TEXT NOT NULL,
    why TEXT,
    PRIMARY KEY (outbox_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO delivery_attempt_now SELECT * FROM delivery_attempt;
"""

SENDING_NAMES = """
DROP TABLE delivery_attempt;
DROP TABLE outbox;
DROP TABLE chat_pace;
ALTER TABLE outbox_now RENAME TO outbox;
ALTER TABLE delivery_attempt_now RENAME TO delivery_attempt;
INSERT OR IGNORE INTO peer (peer) SELECT DISTINCT peer FROM outbox;

CREATE INDEX outbox_shown ON outbox (shown_as) WHERE shown_as IS NOT NULL;
CREATE UNIQUE INDEX outbox_alert ON outbox (alert_id) WHERE kind = 'alert';
CREATE INDEX outbox_revision ON outbox (alert_id) WHERE kind = 'revision';
CREATE INDEX outbox_reply ON outbox (chat, due_at) WHERE kind = 'reply';
CREATE INDEX outbox_folded ON outbox (folded_into) WHERE folded_into IS NOT NULL;
CREATE INDEX outbox_open ON outbox (chat, state) WHERE state NOT IN ('sent', 'dropped');
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('pending', 'in doubt');
-- Each claim looks up the head of each peer in these.
CREATE INDEX outbox_next ON outbox (peer, editing, rank, id) WHERE state = 'pending';
CREATE INDEX outbox_doubt ON outbox (peer, rank, id) WHERE state = 'in doubt';
CREATE INDEX outbox_sending ON outbox (peer) WHERE state = 'sending';
CREATE INDEX outbox_parked ON outbox (peer) WHERE state = 'parked';
CREATE INDEX outbox_failed ON outbox (id) WHERE state IN ('parked', 'in doubt', 'dead');
CREATE INDEX attempt_doubtful ON delivery_attempt (outcome)
    WHERE outcome IN ('in doubt', 'found', 'sent again');
"""


def rebuild(database: Database) -> None:
    """Make the tables anew, with every row that was there.

    SQLite cannot change the conditions of a table, and others refer to this one.
    """
    database.executescript(SENDING_TABLES)
    rows = database.execute(
        "SELECT id, notice, buttons FROM outbox WHERE notice IS NOT NULL"
    ).fetchall()
    for number, text, buttons in rows:
        notice = Notice.plain(text, _buttons(buttons))
        database.execute(
            "UPDATE outbox_now SET notice = ? WHERE id = ?", [notice_json(notice), number]
        )
    database.executescript(SENDING_NAMES)


def _buttons(text: str | None) -> tuple[Button, ...]:
    return tuple(Button(label, data) for label, data in json.loads(text or "[]"))
