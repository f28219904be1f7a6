-- Other tools that this device is connected to. Keys are in the keychain, never here.

CREATE TABLE connection (
    vendor TEXT NOT NULL PRIMARY KEY,
    json   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Issues on their way to a tracker. Written before the first try and removed once the journey says that the
-- issue is there, so that an end at any point between is found and gone on with.
CREATE TABLE sending (
    link     BLOB NOT NULL PRIMARY KEY CHECK (length(link) = 16),
    document BLOB NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    json     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sending_of ON sending (document);
