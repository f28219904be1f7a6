-- What people said elsewhere, whole and as it came: it stays on this device. What a person attaches enters a
-- journey as redacted evidence.

CREATE TABLE signal (
    id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    source   TEXT    NOT NULL,
    external TEXT    NOT NULL, -- what the source calls it
    shelf    TEXT    NOT NULL, -- review, later, attached, dismissed
    arrived  INTEGER NOT NULL, -- milliseconds since 1970
    json     TEXT    NOT NULL,
    UNIQUE (source, external)
) STRICT, WITHOUT ROWID;
CREATE INDEX signal_on_shelf ON signal (shelf, arrived);
