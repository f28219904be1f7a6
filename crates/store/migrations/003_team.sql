-- What this device remembers of a team. None of it exists nowhere else for long: logs and roster are read
-- from the relay again where they are lost, and whatever a log lacks is found in the documents and sent.

-- A log of the team, and how far it was read.
CREATE TABLE team_log (
    log          BLOB    NOT NULL PRIMARY KEY CHECK (length(log) = 16),
    document     BLOB    UNIQUE, -- null until something was read of it
    state        BLOB,           -- null before the first time
    is_forgotten INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team_roster (
    rseq   INTEGER PRIMARY KEY,
    record BLOB    NOT NULL
) STRICT;

-- Changes made here that are not in the log as far as known, in order. AUTOINCREMENT, since an id is
-- never used for another change.
CREATE TABLE team_outbox (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    document BLOB    NOT NULL,
    digest   BLOB    NOT NULL CHECK (length(digest) = 32), -- of the bytes
    bytes    BLOB    NOT NULL,
    UNIQUE (document, digest)
) STRICT;
