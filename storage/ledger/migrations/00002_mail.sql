-- +goose Up

-- Receipts that are to be mailed. There is no address here: it stands in the sealed profile. A row is added in the transaction that
-- takes in the event which asks for it.
CREATE TABLE mail_jobs (
    id       TEXT PRIMARY KEY, -- of the receipt.issued event
    subject  TEXT NOT NULL,
    record   TEXT NOT NULL,    -- the consent or withdrawal that it is a receipt of
    sha256   TEXT NOT NULL,    -- of the receipt
    language TEXT NOT NULL,
    state    TEXT NOT NULL,    -- waiting, sending, sent, failed, stopped
    attempts BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,  -- when the library received the event
    next_at  BIGINT NOT NULL,  -- waiting: not before; sending: when whoever sends it counts as gone; else when it ended
    trouble  TEXT NOT NULL     -- the last problem, without names or addresses
);
CREATE INDEX mail_jobs_due ON mail_jobs (state, next_at);
CREATE INDEX mail_jobs_subject ON mail_jobs (subject);

-- +goose Down
DROP TABLE mail_jobs;
