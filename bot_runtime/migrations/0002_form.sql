-- Forms: answers being given in the chat, answers sent, photos of both.

CREATE TABLE dialogs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- part of the buttons' data, so that an old button is known as old
    chat_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    feature_id TEXT NOT NULL,
    step TEXT NOT NULL,  -- the field asked for, or 'review'
    changing INTEGER NOT NULL DEFAULT 0,  -- after this answer comes the review again
    answers TEXT NOT NULL DEFAULT '{}',  -- JSON: field id → value
    touched_at REAL NOT NULL,
    UNIQUE (chat_id, person_id)
);

CREATE TABLE submissions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    feature_id TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    key TEXT NOT NULL,  -- the same filled form sent twice counts once
    answers TEXT NOT NULL,  -- JSON: [{"id", "label", "kind", "value"}], as the form was then
    sent_at REAL NOT NULL,
    UNIQUE (feature_id, person_id, key)
);
CREATE INDEX submissions_of_person ON submissions (person_id, feature_id);

CREATE TABLE photos (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    submission INTEGER REFERENCES submissions (number) ON DELETE CASCADE,  -- null while the answers are being given
    file_id TEXT,  -- Telegram's, of a photo sent in the chat
    content BLOB,  -- of a photo sent by the Mini App
    kind TEXT NOT NULL DEFAULT 'image/jpeg',
    taken_at REAL NOT NULL
);
CREATE INDEX photos_of_submission ON photos (submission);
