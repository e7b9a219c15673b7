-- What every bot needs: inbox, outbox, people, counters, due things.

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE inbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL UNIQUE,
    chat_key TEXT NOT NULL,
    raw TEXT NOT NULL,  -- emptied when done
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'aside')),
    tries INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    taken_at REAL NOT NULL  -- seconds since 1970, like every time here
);
CREATE INDEX inbox_waiting ON inbox (position) WHERE state = 'waiting';

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_key TEXT NOT NULL,
    method TEXT NOT NULL,
    params TEXT NOT NULL,  -- emptied when sent
    label TEXT,
    edits TEXT,
    expendable INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'refused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    queued_at REAL NOT NULL
);
CREATE INDEX outbox_owed ON outbox (id) WHERE state IN ('waiting', 'sending');

CREATE TABLE attachments (
    owed_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    filename TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (owed_id, position)
);

CREATE TABLE labels (
    chat_key TEXT NOT NULL,
    label TEXT NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (chat_key, label)
) WITHOUT ROWID;

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT,
    username TEXT,
    language TEXT,
    first_seen_at REAL NOT NULL,
    last_seen_at REAL NOT NULL
);

CREATE TABLE counts (
    hour INTEGER NOT NULL,  -- hours since 1970, UTC
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (hour, name)
) WITHOUT ROWID;

CREATE TABLE visits (
    hour INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (hour, person_id)
) WITHOUT ROWID;

CREATE TABLE due (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX due_at ON due (at);
