-- Polls: one row per person who votes, and whether a poll is open.

CREATE TABLE votes (
    feature_id TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    options TEXT NOT NULL,  -- JSON: the texts chosen; texts, so that a changed order of options changes no vote
    voted_at REAL NOT NULL,
    PRIMARY KEY (feature_id, person_id)
) WITHOUT ROWID;
CREATE INDEX votes_of_person ON votes (person_id);

CREATE TABLE polls (
    feature_id TEXT PRIMARY KEY,
    closed INTEGER NOT NULL DEFAULT 0,
    closes_at REAL  -- the closing time the DNA names, as it was last seen
) WITHOUT ROWID;
