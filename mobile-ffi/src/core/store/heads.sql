-- Version 4: signed heads of the log. Those this phone checked itself, by a receipt, and those that peers say they checked.
CREATE TABLE log_head (
    row     INTEGER NOT NULL PRIMARY KEY,
    log     BLOB    NOT NULL CHECK (length(log) = 8),
    size    INTEGER NOT NULL,
    root    BLOB    NOT NULL CHECK (length(root) = 32),
    checked INTEGER NOT NULL CHECK (checked IN (0, 1)),
    told    INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),   -- an event of this phone carries it
    UNIQUE (log, size, root)
) STRICT;
