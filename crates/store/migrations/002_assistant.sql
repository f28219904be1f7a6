-- What a local model said. Neither table holds anything of a journey: losing them costs time, no work.

-- Answers about pieces of material, so that a draft that was interrupted goes on where it was.
CREATE TABLE model_answer (
    nth    INTEGER PRIMARY KEY AUTOINCREMENT, -- the oldest give way first
    key    TEXT    NOT NULL UNIQUE,           -- hash of the piece, the model and the question
    answer TEXT    NOT NULL
) STRICT;

-- Questions to the assistant about a journey, with their answers and what these proposed.
CREATE TABLE asked (
    id       BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    document BLOB NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    json     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_of ON asked (document, id);
