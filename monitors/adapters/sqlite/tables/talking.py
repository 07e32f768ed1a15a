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
"""
