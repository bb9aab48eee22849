-- The phone's only copy of what was recorded, until the server has it. Version 1.
-- Nothing in `event` is ever deleted or rewritten; the triggers below hold that even against our own mistakes.

-- One row per signing key this phone has had. A phone that lost its key starts a new chain; the old rows stay.
CREATE TABLE device (
    device_id     BLOB    NOT NULL PRIMARY KEY CHECK (length(device_id) = 16),
    public_key    BLOB    NOT NULL CHECK (length(public_key) = 33),
    credential    TEXT            -- JSON of the enrolment answer; NULL before enrolment
) STRICT;

-- What the last conversation with the server left behind. Exactly one row.
CREATE TABLE sync (
    one              INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch            INTEGER,
    cursor           TEXT    NOT NULL DEFAULT '',
    nonce            TEXT,
    beacon_server_ms INTEGER,
    beacon_mono_ms   INTEGER,
    beacon_tag       BLOB,
    beacon_boot      BLOB,
    synced_wall_ms   INTEGER
) STRICT;
INSERT INTO sync (one) VALUES (1);

-- Signed envelopes, byte for byte: our own and those a peer handed us.
CREATE TABLE event (
    row             INTEGER NOT NULL PRIMARY KEY,
    event_id        BLOB    NOT NULL UNIQUE CHECK (length(event_id) = 32),
    device          BLOB    NOT NULL CHECK (length(device) = 16),
    seq             INTEGER NOT NULL CHECK (seq > 0),
    prev            BLOB    NOT NULL CHECK (length(prev) = 32),
    own             INTEGER NOT NULL CHECK (own IN (0, 1)),
    kind            INTEGER NOT NULL,
    envelope        BLOB    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('recorded', 'sent', 'durable', 'receipted')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    last_reason     TEXT,
    recorded_ms     INTEGER NOT NULL,
    recorded_boot   BLOB    NOT NULL CHECK (length(recorded_boot) = 16),
    recorded_mono   INTEGER NOT NULL
) STRICT;
-- A peer may have cloned its key and sent us two events of one number: that is evidence. Ours must never fork.
CREATE UNIQUE INDEX event_own_seq ON event (device, seq) WHERE own = 1;
CREATE INDEX event_unsent ON event (row) WHERE state IN ('recorded', 'sent');

CREATE TRIGGER event_is_kept BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER event_is_frozen BEFORE UPDATE OF event_id, device, seq, prev, own, kind, envelope ON event
BEGIN SELECT RAISE(ABORT, 'a recorded event is never rewritten'); END;

-- Which item an event moved, and from which head: tells an echo of our own act from somebody else's.
CREATE TABLE event_item (
    event_id BLOB NOT NULL REFERENCES event (event_id),
    item_id  BLOB NOT NULL CHECK (length(item_id) = 16),
    parent   BLOB,
    PRIMARY KEY (event_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_item_by_item ON event_item (item_id);

-- What this phone believes about an item, and what the server last said about it.
CREATE TABLE item (
    item_id       BLOB    NOT NULL PRIMARY KEY CHECK (length(item_id) = 16),
    item_code     TEXT    NOT NULL UNIQUE,
    item_kind     TEXT,
    head          BLOB,
    holder        TEXT,
    state         TEXT    NOT NULL,
    seal          TEXT    NOT NULL DEFAULT '',
    paper_count   INTEGER,
    provisional   INTEGER NOT NULL DEFAULT 0,
    offered_in    BLOB,
    changed_ms    INTEGER NOT NULL DEFAULT 0,
    server_head   BLOB,
    server_holder TEXT,
    server_state  TEXT
) STRICT;

-- The work pack: stops handed out by the server. A withdrawn stop stays readable with its reason.
CREATE TABLE assignment (
    assignment_id    TEXT    NOT NULL PRIMARY KEY,
    item_code        TEXT    NOT NULL,
    leg              TEXT    NOT NULL,
    body             TEXT    NOT NULL,
    withdrawn_reason TEXT
) STRICT;
CREATE INDEX assignment_by_item ON assignment (item_code);

-- Handovers under way or done on this phone. `nonce` is the receiver's, so a repeated scan finds its own answer.
CREATE TABLE handover (
    nonce        BLOB    NOT NULL CHECK (length(nonce) = 16),
    role         TEXT    NOT NULL CHECK (role IN ('giver', 'receiver')),
    stage        TEXT    NOT NULL CHECK (stage IN ('hello', 'offered', 'accepted', 'released', 'revoked')),
    hat          INTEGER NOT NULL,
    holder       TEXT    NOT NULL,
    peer_key     BLOB,
    peer_holder  TEXT,
    handover_id  BLOB,
    offer_id     BLOB,
    accept_id    BLOB,
    release_id   BLOB,
    boot_id      BLOB    NOT NULL,
    started_mono INTEGER NOT NULL,
    PRIMARY KEY (nonce, role)
) STRICT;
CREATE INDEX handover_by_offer ON handover (offer_id);
CREATE INDEX handover_by_accept ON handover (accept_id);
