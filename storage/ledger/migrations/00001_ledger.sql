-- +goose Up

-- Times are whole milliseconds since 1970 in UTC. Hashes and identifiers are text as the protocol writes them.

-- One value per name: the organisation, the public address, the newest checkpoint.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

CREATE TABLE invitations (
    hash       TEXT PRIMARY KEY, -- SHA-256 of the secret
    name       TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    used_by    TEXT
);

CREATE TABLE devices (
    id          TEXT PRIMARY KEY,
    number      BIGINT NOT NULL, -- order of enrolment; the library itself is the first
    certificate BLOB NOT NULL,   -- JSON, signed by the library
    head_seq    BIGINT NOT NULL,
    head_hash   TEXT NOT NULL,
    revoked_at  BIGINT
);

-- The log. A row is never changed and never deleted.
CREATE TABLE events (
    server_seq  BIGINT PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    device      TEXT NOT NULL REFERENCES devices (id),
    seq         BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    envelope    BLOB NOT NULL,
    signature   BLOB NOT NULL,
    UNIQUE (device, seq)
);

-- Hashes of the Merkle log, numbered as golang.org/x/mod/sumdb/tlog numbers them.
CREATE TABLE tree_hashes (
    position BIGINT PRIMARY KEY,
    hash     BLOB NOT NULL
);

-- Events that are signed but do not fit. released_at: accepted after all.
CREATE TABLE quarantine (
    fingerprint TEXT PRIMARY KEY, -- SHA-256 of the envelope
    id          TEXT NOT NULL,
    device      TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    envelope    BLOB NOT NULL,
    signature   BLOB NOT NULL,
    released_at BIGINT
);

-- The change feed: an event, or the newest revision of a subject's profile. A number is never given twice, also when its row is
-- gone, so that no cursor skips a line.
CREATE TABLE changes (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at BIGINT NOT NULL,
    server_seq  BIGINT REFERENCES events (server_seq),
    subject     TEXT
);
CREATE INDEX changes_subject ON changes (subject);

-- A subject's key, sealed under the library's; erasing the person is losing it.
CREATE TABLE subject_keys (
    subject   TEXT PRIMARY KEY,
    wrapped   BLOB,
    erased_at BIGINT
);

CREATE TABLE profiles (
    subject     TEXT PRIMARY KEY REFERENCES subject_keys (subject),
    revision    BIGINT NOT NULL,
    sealed      BLOB NOT NULL,
    received_at BIGINT NOT NULL
);

-- Which device's events name which files, and what they are.
CREATE TABLE declarations (
    sha256  TEXT NOT NULL,
    device  TEXT NOT NULL,
    class   TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (sha256, device, class, subject)
);

-- The files in the object store. personal: sealed with a key of its own, which blob_keys has; other sealed files are sealed with
-- the library's.
CREATE TABLE blobs (
    sha256    TEXT PRIMARY KEY,
    size      BIGINT NOT NULL,
    stored_at BIGINT NOT NULL,
    class     TEXT NOT NULL,
    personal  BIGINT NOT NULL
);

-- The key of a file, sealed under the key of everybody it belongs to: a scanned list may be the evidence of many people, and
-- erasing one must not take it from the others.
CREATE TABLE blob_keys (
    sha256  TEXT NOT NULL,
    subject TEXT NOT NULL REFERENCES subject_keys (subject),
    wrapped BLOB NOT NULL,
    PRIMARY KEY (sha256, subject)
);
CREATE INDEX blob_keys_subject ON blob_keys (subject);

-- Files of erased people whose objects may still have to go.
CREATE TABLE erasures (
    sha256    TEXT PRIMARY KEY,
    erased_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE erasures;
DROP TABLE blob_keys;
DROP TABLE blobs;
DROP TABLE declarations;
DROP TABLE profiles;
DROP TABLE subject_keys;
DROP TABLE changes;
DROP TABLE quarantine;
DROP TABLE tree_hashes;
DROP TABLE events;
DROP TABLE devices;
DROP TABLE invitations;
DROP TABLE settings;
