-- Instants are whole microseconds since 1970. Text is compared by bytes, as BINARY does by itself.

CREATE TABLE tenants (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_event INTEGER NOT NULL DEFAULT 0,
    last_revision INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Deleted_modified: the latest `modified` of the passes that were deleted.
CREATE TABLE pass_types (
    id INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL REFERENCES tenants,
    pass_type TEXT NOT NULL,
    last_tag INTEGER NOT NULL DEFAULT 0,
    deleted_modified INTEGER,
    UNIQUE (tenant, pass_type)
) STRICT;

-- The bodies are apart: so rows are short, and what lists or compares passes reads little of the file.
CREATE TABLE passes (
    id INTEGER PRIMARY KEY,
    pass_type INTEGER NOT NULL REFERENCES pass_types,
    serial TEXT NOT NULL,
    created_tag INTEGER NOT NULL,
    tag INTEGER NOT NULL,
    state TEXT NOT NULL,
    template TEXT,
    token TEXT NOT NULL,
    written INTEGER NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    UNIQUE (pass_type, serial),
    UNIQUE (pass_type, created_tag)
) STRICT;
CREATE INDEX passes_of_template ON passes (pass_type, template, created_tag) WHERE template IS NOT NULL;

CREATE TABLE pass_bodies (
    pass INTEGER PRIMARY KEY REFERENCES passes ON DELETE CASCADE,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE devices (
    id INTEGER PRIMARY KEY,
    pass_type INTEGER NOT NULL REFERENCES pass_types,
    device TEXT NOT NULL,
    push_token TEXT NOT NULL,
    registered INTEGER NOT NULL,
    UNIQUE (pass_type, device)
) STRICT;
CREATE INDEX devices_of_token ON devices (pass_type, push_token);

-- The tag is 0 where none was taken.
CREATE TABLE registrations (
    number INTEGER PRIMARY KEY,
    device INTEGER NOT NULL REFERENCES devices,
    pass INTEGER NOT NULL REFERENCES passes,
    tag INTEGER NOT NULL,
    UNIQUE (device, pass)
) STRICT;
CREATE INDEX registrations_of_pass ON registrations (pass, number);

CREATE TABLE documents (
    tenant INTEGER NOT NULL REFERENCES tenants,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant, kind, name)
) STRICT;

-- Status: 0 waits and is ready, 1 waits behind a leased one of the same key, 2 is leased, 3 is dead.
-- No id may come back: a lease of a task that is gone must not fit another one.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant INTEGER NOT NULL REFERENCES tenants,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    status INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX tasks_of_tenant ON tasks (tenant, id);
CREATE INDEX dead_tasks ON tasks (tenant, id) WHERE status = 3;
CREATE UNIQUE INDEX waiting_tasks ON tasks (tenant, kind, key) WHERE status < 2;
CREATE UNIQUE INDEX leased_tasks ON tasks (tenant, kind, key) WHERE status = 2;
CREATE INDEX ready_tasks ON tasks (kind, due, id) WHERE status = 0;
CREATE INDEX ready_tasks_of_tenant ON tasks (tenant, kind, due, id) WHERE status = 0;
CREATE INDEX leases ON tasks (kind, until, id) WHERE status = 2;
CREATE INDEX leases_of_tenant ON tasks (tenant, kind, until, id) WHERE status = 2;

-- The pass may be gone or never have been. No foreign key on its type: the index that it wants would be of no other use.
CREATE TABLE events (
    tenant INTEGER NOT NULL REFERENCES tenants,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    pass_type INTEGER,
    serial TEXT,
    at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX events_of_pass ON events (pass_type, serial, id) WHERE serial IS NOT NULL;

CREATE TABLE assets (
    digest BLOB PRIMARY KEY,
    media_type TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
