-- Instants are whole microseconds since 1970. COLLATE "C" compares text byte by byte.

-- The last number of each list that is numbered without visible gaps in time: tags by tenant and pass type, events by tenant ('').
-- Whoever needs several locks these first, sorted by tenant and list, events before tags, and holds them until it commits: so numbers become
-- visible in their order. Every row below that two commits could lock in opposite orders belongs to a counter that both lock first
-- (passes to that of their tags, devices and registrations to that of the events, several documents or tasks at once to that of the events), so no deadlock arises.
-- Deleted_modified: the latest `modified` of the passes of the pass type that were deleted.
CREATE TABLE counters (
    tenant text COLLATE "C" NOT NULL,
    list text COLLATE "C" NOT NULL,
    last bigint NOT NULL,
    deleted_modified bigint,
    PRIMARY KEY (tenant, list)
) WITH (fillfactor = 10);

CREATE TABLE passes (
    tenant text COLLATE "C" NOT NULL,
    pass_type text COLLATE "C" NOT NULL,
    serial text COLLATE "C" NOT NULL,
    created_tag bigint NOT NULL,
    tag bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    template text COLLATE "C",
    token text COLLATE "C" NOT NULL,
    written bigint NOT NULL,
    created bigint NOT NULL,
    modified bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (tenant, pass_type, serial)
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX passes_by_creation ON passes (tenant, pass_type, created_tag);
CREATE INDEX passes_of_template ON passes (tenant, template, pass_type, created_tag) WHERE template IS NOT NULL;

CREATE TABLE devices (
    tenant text COLLATE "C" NOT NULL,
    pass_type text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    push_token text COLLATE "C" NOT NULL,
    registered bigint NOT NULL,
    PRIMARY KEY (tenant, pass_type, device)
);
CREATE INDEX devices_of_token ON devices (tenant, pass_type, push_token);

-- The tag is 0 where none was taken.
CREATE TABLE registrations (
    number bigint GENERATED ALWAYS AS IDENTITY,
    tag bigint NOT NULL DEFAULT 0,
    tenant text COLLATE "C" NOT NULL,
    pass_type text COLLATE "C" NOT NULL,
    serial text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, pass_type, device, serial)
);
CREATE UNIQUE INDEX registrations_of_pass ON registrations (tenant, pass_type, serial, number);

CREATE SEQUENCE revisions;
CREATE TABLE documents (
    tenant text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    created bigint NOT NULL,
    updated bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (tenant, kind, name)
);

-- Status: 0 waits, 1 is leased, 2 is dead. Turn: when a waiting task is due, when a lease ends.
-- No id may come back: a lease of a task that is gone must not fit another one.
CREATE SEQUENCE task_ids;
CREATE TABLE tasks (
    id bigint PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    due bigint NOT NULL,
    turn bigint NOT NULL,
    attempts bigint NOT NULL,
    status smallint NOT NULL,
    error text COLLATE "C",
    body bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);
-- All ids are above 0, and all turns above -1; but a statement that wants one of these three indices has to say so. PostgreSQL would take them for one
-- key too while it believes that the table is small, and read through all tasks of a tenant or all that are due.
CREATE UNIQUE INDEX tasks_of_tenant ON tasks (tenant, id) WHERE id > 0;
CREATE INDEX turns ON tasks (kind, status, turn, id) WHERE status < 2 AND turn > -1;
CREATE INDEX turns_of_tenant ON tasks (tenant, kind, status, turn, id) WHERE status < 2 AND turn > -1;
CREATE UNIQUE INDEX dead_tasks ON tasks (tenant, id) WHERE status = 2;
CREATE UNIQUE INDEX waiting_tasks ON tasks (tenant, key, kind) WHERE status = 0;
CREATE UNIQUE INDEX leased_tasks ON tasks (tenant, key, kind) WHERE status = 1;

CREATE TABLE events (
    tenant text COLLATE "C" NOT NULL,
    id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    pass_type text COLLATE "C",
    serial text COLLATE "C",
    at bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX events_of_pass ON events (tenant, pass_type, serial, id) WHERE serial IS NOT NULL;

CREATE TABLE assets (
    digest bytea PRIMARY KEY,
    media_type text COLLATE "C" NOT NULL,
    body bytea NOT NULL
);
-- Pictures are compressed already.
ALTER TABLE assets ALTER COLUMN body SET STORAGE EXTERNAL;
