-- What was said to us in a chat tool. Written before it is confirmed there, so that an end at any point between is
-- found and gone on with.

CREATE TABLE heard (
    vendor TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    at     INTEGER NOT NULL, -- milliseconds since 1970
    json   TEXT,             -- NULL once it is dealt with; its name stays, so that it is not dealt with again
    PRIMARY KEY (vendor, id)
) STRICT, WITHOUT ROWID;

-- Posts, written before the first try.
CREATE TABLE post (
    id      TEXT    NOT NULL PRIMARY KEY,
    vendor  TEXT    NOT NULL,
    at      INTEGER NOT NULL, -- milliseconds since 1970
    is_open INTEGER NOT NULL, -- whether it is still to be made, or nobody knows whether it was
    json    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
