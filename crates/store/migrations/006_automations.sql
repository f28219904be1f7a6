-- Automations as they are set on this device, and the log of their runs.

CREATE TABLE automation (
    key  TEXT NOT NULL PRIMARY KEY,
    json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A run is named by its automation and the moment of its schedule: one moment, one run.
CREATE TABLE run (
    id         TEXT    NOT NULL PRIMARY KEY,
    automation TEXT    NOT NULL,
    at         INTEGER NOT NULL, -- milliseconds since 1970
    json       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX run_of ON run (automation, at);
