-- Version 2: whatever says something about a person is sealed with the host's key, receipts are kept, and unsent envelopes
-- have a copy that only the server's recovery key opens. Runs in one transaction over a store of version 1, filled or empty.

-- One row: by `proof` the key is known again; `scrubbed` says that no free page can hold a plain value of version 1.
CREATE TABLE vault (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    proof    BLOB    NOT NULL,
    scrubbed INTEGER NOT NULL DEFAULT 0 CHECK (scrubbed IN (0, 1))
) STRICT;

-- Envelopes. Who reads them asks the view `event` of the connection, where they are open again.
DROP TRIGGER event_is_kept;
DROP TRIGGER event_is_frozen;
ALTER TABLE event RENAME TO sealed_event;
ALTER TABLE sealed_event ADD COLUMN receipted_ms INTEGER;   -- when the server put it in a published checkpoint, its time
ALTER TABLE sealed_event ADD COLUMN rescue BLOB;            -- the envelope for the recovery key, until the server has it
UPDATE sealed_event SET envelope = sealed('event', event_id, envelope);

CREATE TRIGGER event_is_kept BEFORE DELETE ON sealed_event WHEN OLD.state <> 'receipted' OR OLD.receipted_ms IS NULL
BEGIN SELECT RAISE(ABORT, 'an event without a receipt is never deleted'); END;
CREATE TRIGGER event_is_frozen BEFORE UPDATE OF event_id, device, seq, prev, own, kind, envelope ON sealed_event
BEGIN SELECT RAISE(ABORT, 'a recorded event is never rewritten'); END;

-- Items: the id of what was scanned, and one sealed JSON.
CREATE TABLE sealed_item (
    item_id BLOB NOT NULL PRIMARY KEY CHECK (length(item_id) = 16),
    body    BLOB NOT NULL
) STRICT;
INSERT INTO sealed_item (item_id, body)
SELECT item_id, sealed('item', item_id, json_object(
    'item_code', item_code, 'kind', item_kind, 'head', nullif(lower(hex(head)), ''), 'holder', holder, 'state', state,
    'seal', seal, 'paper_count', paper_count, 'provisional', json(iif(provisional, 'true', 'false')),
    'offered_in', nullif(lower(hex(offered_in)), ''), 'changed_ms', changed_ms,
    'server_head', nullif(lower(hex(server_head)), ''), 'server_holder', server_holder, 'server_state', server_state))
FROM item;

-- Stops, in the order of arrival.
CREATE TABLE sealed_assignment (
    row              INTEGER NOT NULL PRIMARY KEY,
    assignment_id    TEXT    NOT NULL UNIQUE,
    item_id          BLOB    NOT NULL CHECK (length(item_id) = 16),
    leg              TEXT    NOT NULL,
    body             BLOB    NOT NULL,
    withdrawn_reason BLOB
) STRICT;
CREATE INDEX sealed_assignment_by_item ON sealed_assignment (item_id);
INSERT INTO sealed_assignment (assignment_id, item_id, leg, body, withdrawn_reason)
SELECT assignment_id, item_id, leg, sealed('assignment', assignment_id, body), sealed('withdrawn', assignment_id, withdrawn_reason)
FROM assignment JOIN item USING (item_code) ORDER BY assignment.rowid;
DROP TABLE assignment;
DROP TABLE item;

-- Credentials carry a name.
ALTER TABLE device ADD COLUMN sealed_credential BLOB;
UPDATE device SET sealed_credential = sealed('credential', device_id, credential), credential = NULL;
ALTER TABLE device DROP COLUMN credential;

-- The public half of the recovery key, once the server told it.
ALTER TABLE sync ADD COLUMN recovery_key BLOB CHECK (length(recovery_key) = 32);

-- Devices nobody hands papers to any more, and up to which number of the server's log that is known.
CREATE TABLE revoked (device BLOB NOT NULL PRIMARY KEY CHECK (length(device) = 16)) STRICT, WITHOUT ROWID;
ALTER TABLE sync ADD COLUMN revoked_through INTEGER NOT NULL DEFAULT 0;
