"""The tables of the third step: messages that tell of several alerts; times as in the first step.

An alert or reply that such a message tells of is `dropped` in the outbox, and `folded_into` it.
"""

DIGEST_TABLES = """
CREATE TABLE digest (
    id INTEGER PRIMARY KEY REFERENCES outbox (id),
    together TEXT NOT NULL,                -- why: see alerts/digest.py
    held TEXT,                             -- what held all of it back, where that is one thing
    since INTEGER NOT NULL,                -- when the first of all its alerts was decided
    folded_at INTEGER NOT NULL,
    total INTEGER NOT NULL,                -- stories, in all digests that belong together
    first INTEGER NOT NULL,                -- number of the first one that this one lists
    message_id TEXT,
    destination TEXT,
    edited_at INTEGER
) STRICT;
CREATE INDEX digest_message ON digest (message_id) WHERE message_id IS NOT NULL;

ALTER TABLE outbox ADD COLUMN revises INTEGER REFERENCES digest (id); -- changes that digest
ALTER TABLE outbox ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;    -- was parked once

CREATE INDEX outbox_revises ON outbox (revises) WHERE revises IS NOT NULL;
CREATE INDEX outbox_digest ON outbox (chat, id) WHERE kind = 'digest';
-- What may be folded into a digest.
CREATE INDEX outbox_foldable ON outbox (peer, due_at)
    WHERE state = 'pending' AND kind IN ('alert', 'reply') AND priority >= 2 AND doubts = 0;
-- What is told for an alert, by itself or by a digest.
CREATE VIEW told AS
    SELECT letter.alert_id, letter.id AS letter_id, letter.folded_into,
        coalesce(digest.state, letter.state) AS state
    FROM outbox AS letter LEFT JOIN outbox AS digest ON digest.id = letter.folded_into
    WHERE letter.kind = 'alert';
"""
