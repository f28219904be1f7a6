-- What this device keeps.
--
-- The first six tables hold what exists nowhere else. Their rows end in `seal`, a checksum over the
-- row, so that a row can be told from damage even when nothing around it can be read any more
-- (src/seal.rs, src/rescue). A migration that changes their columns must make new seals.

-- A CRDT document: the workspace or a journey.
CREATE TABLE document (
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    kind    TEXT    NOT NULL,
    seq     INTEGER NOT NULL, -- of its newest change; 0 before the first
    changes INTEGER NOT NULL, -- how many it has ever had
    pruned  INTEGER NOT NULL, -- highest seq whose change was given up for snapshots
    seal    INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT, since a seq once seen by another program must never come again.
CREATE TABLE change (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    document BLOB    NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL, -- of the document, for when its row is lost
    nth      INTEGER NOT NULL, -- among the changes of its document, from 1 without gaps
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    bytes    BLOB    NOT NULL,
    seal     INTEGER NOT NULL,
    UNIQUE (document, hash)
) STRICT;
CREATE UNIQUE INDEX change_in_order ON change (document, seq);

-- Stands for all changes of its document up to `upto`, of which there were `nth`.
CREATE TABLE snapshot (
    document BLOB    NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,
    upto     INTEGER NOT NULL,
    nth      INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,
    seal     INTEGER NOT NULL,
    UNIQUE (document, upto)
) STRICT;

CREATE TABLE draft (
    id   BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    json TEXT    NOT NULL,
    seal INTEGER NOT NULL
) STRICT;

CREATE TABLE source_text (
    hash TEXT    NOT NULL UNIQUE,
    text TEXT    NOT NULL,
    seal INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
    key  TEXT    NOT NULL UNIQUE,
    json TEXT    NOT NULL,
    seal INTEGER NOT NULL
) STRICT;

-- From here on everything follows from the changes and can be made again from them.

CREATE TABLE entity (
    key        INTEGER PRIMARY KEY,
    document   BLOB    NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    title      TEXT    NOT NULL,
    words      TEXT    NOT NULL, -- what search reads beside the title
    is_trashed INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, -- milliseconds since 1970
    body       TEXT    NOT NULL, -- the whole entity as JSON
    UNIQUE (document, kind, id)
) STRICT;

-- What goes out of sight with what: a step with its stage, an item with all its steps, evidence with
-- all its claims. By id, since the other end may come later or never.
CREATE TABLE hangs (
    child       INTEGER NOT NULL REFERENCES entity (key) ON DELETE CASCADE,
    parent_kind TEXT    NOT NULL,
    parent_id   BLOB    NOT NULL,
    PRIMARY KEY (child, parent_kind, parent_id)
) STRICT, WITHOUT ROWID;

-- A journey as the list of journeys shows it, counted when it is written and not when it is read.
CREATE TABLE summary (
    document    BLOB    NOT NULL PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
    title       TEXT    NOT NULL,
    is_archived INTEGER NOT NULL,
    is_sample   INTEGER NOT NULL,
    is_trashed  INTEGER NOT NULL,
    steps       INTEGER NOT NULL,
    items       INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5 (
    title, words,
    content = 'entity', content_rowid = 'key',
    tokenize = 'unicode61 remove_diacritics 2'
);
-- Words that were taken out leave nothing behind in the index either.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
