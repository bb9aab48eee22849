-- Version 3: photographs until they are brought, borrowed numbers, the money in the bag, and how far receipts have come.

ALTER TABLE sync ADD COLUMN receipts_after INTEGER NOT NULL DEFAULT 0;  -- this device's number up to which receipts are known
ALTER TABLE sync ADD COLUMN log_policy TEXT;                            -- whom to believe, as first told
ALTER TABLE sync ADD COLUMN numbers_request BLOB CHECK (length(numbers_request) = 16);  -- a request whose answer is not here yet
ALTER TABLE sync ADD COLUMN numbers_asked_ms INTEGER;                   -- when numbers were last asked for, the server's time

-- Bytes that events name. `named_by` is the first event that does; without one nobody asks for them.
CREATE TABLE sealed_photograph (
    row      INTEGER NOT NULL PRIMARY KEY,
    sha256   BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
    body     BLOB    NOT NULL,
    named_by BLOB    CHECK (length(named_by) = 32),
    brought  INTEGER NOT NULL DEFAULT 0 CHECK (brought IN (0, 1)),
    refused  TEXT
) STRICT;

-- Labels for papers that have none yet. One that was taken is gone from here: none is given twice.
CREATE TABLE label (row INTEGER NOT NULL PRIMARY KEY, item_code TEXT NOT NULL UNIQUE) STRICT;

-- Runs of receipt numbers. The next one is written before anybody sees it.
CREATE TABLE receipt_run (
    row    INTEGER NOT NULL PRIMARY KEY,
    point  TEXT    NOT NULL,
    series TEXT    NOT NULL,
    first  INTEGER NOT NULL CHECK (first > 0),
    last   INTEGER NOT NULL,
    next   INTEGER NOT NULL CHECK (next BETWEEN first AND last + 1),
    UNIQUE (point, series, first)
) STRICT;

-- What was collected, one line for each cash event; `closing` is the count it is in, once it was counted.
CREATE TABLE sealed_line (
    event_id BLOB    NOT NULL PRIMARY KEY CHECK (length(event_id) = 32),
    hat      INTEGER NOT NULL,
    body     BLOB    NOT NULL,
    closing  BLOB    CHECK (length(closing) = 32)
) STRICT;

-- Counts of a till. The second signature settles one, and with it its lines.
CREATE TABLE closing (
    event_id  BLOB    NOT NULL PRIMARY KEY CHECK (length(event_id) = 32),
    hat       INTEGER NOT NULL,
    signed_by BLOB    CHECK (length(signed_by) = 32)
) STRICT;
