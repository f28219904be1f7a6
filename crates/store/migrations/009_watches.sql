-- What automations that a person made found when they looked last, by journey.

CREATE TABLE watched (
    automation TEXT NOT NULL,
    journey    BLOB NOT NULL,
    entity     TEXT NOT NULL, -- empty: it has looked at this journey
    PRIMARY KEY (automation, journey, entity)
) STRICT, WITHOUT ROWID;
