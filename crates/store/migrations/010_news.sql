-- What concerns the person at this device: lines of their inbox, and what they watch or mute. Nobody else's business, so
-- it is in no document.

CREATE TABLE news (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order in which it came
    document   BLOB    NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    key        TEXT    NOT NULL, -- what happens again takes the place of what happened before
    about_kind TEXT    NOT NULL,
    about_id   BLOB    NOT NULL,
    said_kind  TEXT, -- the comment or verdict that says it
    said_id    BLOB,
    is_read    INTEGER NOT NULL,
    json       TEXT    NOT NULL,
    UNIQUE (document, key)
) STRICT;
CREATE INDEX news_unread ON news (is_read, id);

CREATE TABLE watching (
    document BLOB    NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    entity   TEXT    NOT NULL,
    is_on    INTEGER NOT NULL, -- 0: not watched; of a journey: muted
    PRIMARY KEY (document, entity)
) STRICT, WITHOUT ROWID;
