-- What texts mean, as vectors that a local model made. Nothing of a journey: losing it costs time, no work.
CREATE TABLE meaning (
    nth    INTEGER PRIMARY KEY AUTOINCREMENT, -- the oldest give way first
    model  TEXT NOT NULL,
    hash   BLOB NOT NULL CHECK (length(hash) = 32), -- of the very text, so that an edited one is a new one
    vector BLOB NOT NULL,                     -- numbers of 32 bits, little-endian; together of length 1
    UNIQUE (model, hash)
) STRICT;
