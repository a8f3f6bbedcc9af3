-- One function for each write: so a commit is sent in one go, and no counter stays locked while bytes travel.
-- WP001 says that the write expects what is not so (the detail: the tag or revision that is there), WP002 that a lease is void.

CREATE FUNCTION refuse(present bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'WP001', MESSAGE = 'the write expects what is not so', DETAIL = coalesce(present::text, 'none');
END $$;

CREATE FUNCTION lose_lease() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'WP002', MESSAGE = 'the lease is void';
END $$;

CREATE FUNCTION lock_counter(in_tenant text, in_list text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM counters WHERE tenant = in_tenant AND list = in_list FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO counters VALUES (in_tenant, in_list, 0) ON CONFLICT DO NOTHING;
        PERFORM FROM counters WHERE tenant = in_tenant AND list = in_list FOR NO KEY UPDATE;
    END IF;
END $$;

-- Begins a commit of several writes: locks in the order in which they are given, which must be the sorted one.
CREATE FUNCTION lock_counters(tenants text[], lists text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('walletpass.commit', 'open', true);
    FOR i IN 1 .. cardinality(tenants) LOOP
        PERFORM lock_counter(tenants[i], lists[i]);
    END LOOP;
END $$;

-- A commit is sent in one go. Had the server broken off its BEGIN (a timeout, someone's pg_cancel_backend), each write would be
-- a transaction by itself, and the commit be done by half; a setting that ends with the transaction tells.
CREATE FUNCTION in_commit() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('walletpass.commit', true) IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION USING ERRCODE = 'no_active_sql_transaction', MESSAGE = 'the transaction of the commit was not begun';
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION next_number(in_tenant text, in_list text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
BEGIN
    INSERT INTO counters AS c VALUES (in_tenant, in_list, 1)
        ON CONFLICT (tenant, list) DO UPDATE SET last = c.last + 1
        RETURNING c.last INTO number;
    RETURN number;
END $$;

CREATE FUNCTION append_event(
    in_tenant text, in_kind text, in_pass_type text, in_serial text, in_at bigint, in_body bytea
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events VALUES (in_tenant, next_number(in_tenant, ''), in_kind, in_pass_type, in_serial, in_at, in_body);
END $$;

-- The last one to go is found first: so the range is read from the index, where a list of ids could be compared with all events.
CREATE FUNCTION prune_events(in_tenant text, in_through bigint, most bigint) RETURNS bigint LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
    last_to_go bigint;
    pruned bigint;
BEGIN
    PERFORM lock_counter(in_tenant, '');
    SELECT max(id) INTO last_to_go
        FROM (SELECT id FROM events WHERE tenant = in_tenant AND id <= in_through ORDER BY id LIMIT most) going;
    DELETE FROM events WHERE tenant = in_tenant AND id <= last_to_go;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END $$;

CREATE FUNCTION create_pass(
    in_tenant text, in_pass_type text, in_serial text, in_body bytea, in_token text, in_template text, in_state text,
    in_written bigint, in_modified bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_tag bigint := next_number(in_tenant, in_pass_type);
BEGIN
    INSERT INTO passes (tenant, pass_type, serial, created_tag, tag, state, template, token, written, created, modified, body)
        VALUES (in_tenant, in_pass_type, in_serial, new_tag, new_tag, in_state, in_template, in_token, in_written, in_written,
            greatest(in_modified,
                (SELECT deleted_modified + 1000000 FROM counters WHERE tenant = in_tenant AND list = in_pass_type)), in_body)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        PERFORM refuse((SELECT tag FROM passes
            WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial));
    END IF;
    RETURN new_tag;
END $$;

CREATE FUNCTION update_pass(
    in_tenant text, in_pass_type text, in_serial text, in_body bytea, in_token text, in_template text, in_state text,
    in_written bigint, in_modified bigint, expected bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_tag bigint := next_number(in_tenant, in_pass_type);
BEGIN
    UPDATE passes SET tag = new_tag, body = in_body, token = in_token, template = in_template, state = in_state,
            written = in_written, modified = greatest(in_modified, modified + 1000000)
        WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial AND tag = expected;
    IF NOT FOUND THEN
        PERFORM refuse((SELECT tag FROM passes
            WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial));
    END IF;
    RETURN new_tag;
END $$;

CREATE FUNCTION unregister(in_tenant text, in_pass_type text, in_serial text, in_device text, in_at bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_counter(in_tenant, '');
    DELETE FROM registrations
        WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial AND device = in_device;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    PERFORM append_event(in_tenant, 'removed', in_pass_type, in_serial, in_at, '');
    DELETE FROM devices WHERE tenant = in_tenant AND pass_type = in_pass_type AND device = in_device
        AND NOT EXISTS (SELECT FROM registrations
            WHERE tenant = in_tenant AND pass_type = in_pass_type AND device = in_device);
    RETURN 1;
END $$;

CREATE FUNCTION delete_pass(in_tenant text, in_pass_type text, in_serial text, expected bigint, in_at bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    holder text;
    was_modified bigint;
BEGIN
    PERFORM lock_counter(in_tenant, '');
    PERFORM lock_counter(in_tenant, in_pass_type);
    DELETE FROM passes
        WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial AND tag = expected
        RETURNING modified INTO was_modified;
    IF NOT FOUND THEN
        PERFORM refuse((SELECT tag FROM passes
            WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial));
    END IF;
    UPDATE counters SET deleted_modified = greatest(deleted_modified, was_modified)
        WHERE tenant = in_tenant AND list = in_pass_type;
    FOR holder IN SELECT device FROM registrations
        WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial ORDER BY number
    LOOP
        PERFORM unregister(in_tenant, in_pass_type, in_serial, holder, in_at);
    END LOOP;
END $$;

CREATE FUNCTION register(
    in_tenant text, in_pass_type text, in_serial text, in_device text, in_push_token text, in_at bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    was_updated boolean;
BEGIN
    -- With the counter of the tags locked no update of the pass slips in between.
    PERFORM lock_counter(in_tenant, '');
    PERFORM lock_counter(in_tenant, in_pass_type);
    SELECT tag > created_tag INTO was_updated FROM passes
        WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial;
    IF NOT FOUND THEN
        PERFORM refuse(NULL);
    END IF;
    INSERT INTO devices VALUES (in_tenant, in_pass_type, in_device, in_push_token, in_at)
        ON CONFLICT (tenant, pass_type, device) DO UPDATE SET push_token = in_push_token, registered = in_at;
    INSERT INTO registrations (tenant, pass_type, serial, device) VALUES (in_tenant, in_pass_type, in_serial, in_device)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF was_updated THEN
        UPDATE registrations SET tag = next_number(in_tenant, in_pass_type)
            WHERE tenant = in_tenant AND pass_type = in_pass_type AND serial = in_serial AND device = in_device;
    END IF;
    PERFORM append_event(in_tenant, 'installed', in_pass_type, in_serial, in_at, '');
    RETURN 1;
END $$;

CREATE FUNCTION forget_token(in_tenant text, in_pass_type text, in_push_token text, in_until bigint, in_at bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    holder record;
    removed bigint := 0;
BEGIN
    PERFORM lock_counter(in_tenant, '');
    FOR holder IN SELECT r.device, r.serial FROM devices d
        JOIN registrations r ON r.tenant = d.tenant AND r.pass_type = d.pass_type AND r.device = d.device
        WHERE d.tenant = in_tenant AND d.pass_type = in_pass_type AND d.push_token = in_push_token
            AND d.registered <= in_until
        ORDER BY r.number
    LOOP
        removed := removed + unregister(in_tenant, in_pass_type, holder.serial, holder.device, in_at);
    END LOOP;
    RETURN removed;
END $$;

CREATE FUNCTION put_document(in_tenant text, in_kind text, in_name text, in_body bytea, in_at bigint, expected bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF expected IS NULL THEN
        INSERT INTO documents (tenant, kind, name, revision, created, updated, body)
            VALUES (in_tenant, in_kind, in_name, nextval('revisions'), in_at, in_at, in_body) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE documents SET revision = nextval('revisions'), updated = in_at, body = in_body
            WHERE tenant = in_tenant AND kind = in_kind AND name = in_name AND revision = expected;
    END IF;
    IF NOT FOUND THEN
        PERFORM refuse((SELECT revision FROM documents WHERE tenant = in_tenant AND kind = in_kind AND name = in_name));
    END IF;
END $$;

CREATE FUNCTION delete_document(in_tenant text, in_kind text, in_name text, expected bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM documents WHERE tenant = in_tenant AND kind = in_kind AND name = in_name AND revision = expected;
    IF NOT FOUND THEN
        PERFORM refuse((SELECT revision FROM documents WHERE tenant = in_tenant AND kind = in_kind AND name = in_name));
    END IF;
END $$;

-- When the one that waits is just being leased this waits for that, finds that none waits, and adds another.
CREATE FUNCTION enqueue_task(in_tenant text, in_kind text, in_key text, in_body bytea, in_due bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tasks (id, tenant, kind, key, due, turn, attempts, status, error, body)
        VALUES (nextval('task_ids'), in_tenant, in_kind, in_key, in_due, in_due, 0, 0, NULL, in_body)
        ON CONFLICT (tenant, kind, key) WHERE status = 0 DO UPDATE
            SET id = excluded.id, due = excluded.due, turn = excluded.turn, attempts = 0, error = NULL, body = excluded.body;
END $$;

CREATE FUNCTION finish_task(in_id bigint, in_attempt bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tasks WHERE id = in_id AND attempts = in_attempt AND status = 1;
    IF NOT FOUND THEN
        PERFORM lose_lease();
    END IF;
END $$;

CREATE FUNCTION bury_task(in_id bigint, in_attempt bigint, in_error text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks SET status = 2, error = in_error WHERE id = in_id AND attempts = in_attempt AND status = 1;
    IF NOT FOUND THEN
        PERFORM lose_lease();
    END IF;
END $$;

CREATE FUNCTION retry_task(in_id bigint, in_attempt bigint, in_due bigint, in_error text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks SET status = 0, due = in_due, turn = in_due, error = in_error
        WHERE id = in_id AND attempts = in_attempt AND status = 1;
    IF NOT FOUND THEN
        PERFORM lose_lease();
    END IF;
EXCEPTION WHEN unique_violation THEN
    -- Another of the same key waits, and no one can lease it while this one is leased.
    DELETE FROM tasks WHERE id = in_id AND attempts = in_attempt AND status = 1;
    IF NOT FOUND THEN
        PERFORM lose_lease();
    END IF;
END $$;

CREATE FUNCTION discard_task(in_tenant text, in_id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tasks WHERE id = in_id AND tenant = in_tenant AND status = 2;
    IF NOT FOUND THEN
        PERFORM refuse(NULL);
    END IF;
END $$;

CREATE FUNCTION revive_task(in_tenant text, in_id bigint, in_due bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks SET id = nextval('task_ids'), status = 0, due = in_due, turn = in_due, attempts = 0
        WHERE id = in_id AND tenant = in_tenant AND status = 2;
    IF NOT FOUND THEN
        PERFORM refuse(NULL);
    END IF;
EXCEPTION WHEN unique_violation THEN
    DELETE FROM tasks WHERE id = in_id AND tenant = in_tenant AND status = 2;
    IF NOT FOUND THEN
        PERFORM refuse(NULL);
    END IF;
END $$;

-- A waiting task becomes a leased one only here, and only while none of its key is leased. That none is is read from the snapshot that saw it
-- wait: from then until the row is locked no other of the key can have been leased, as none but this one waits; and if this one was, the lock
-- sees that and leaves it out. The index leased_tasks would refuse a second one all the same.
CREATE FUNCTION claim_tasks(in_tenant text, in_kinds text[], in_key text, in_now bigint, in_until bigint, most bigint)
RETURNS SETOF tasks LANGUAGE plpgsql AS $$
DECLARE
    queues text[] := in_kinds;
    queue text;
    chosen bigint[] := '{}';
BEGIN
    IF in_key IS NOT NULL THEN
        -- In all queues at once, as one key is in few.
        queues := '{}';
        chosen := ARRAY(SELECT id FROM tasks WHERE tenant = in_tenant AND key = in_key AND status = 1 AND turn <= in_now
            AND (cardinality(in_kinds) = 0 OR kind = ANY (in_kinds)) FOR UPDATE SKIP LOCKED);
        chosen := chosen || ARRAY(SELECT t.id FROM tasks t
            WHERE t.tenant = in_tenant AND t.key = in_key AND t.status = 0 AND t.turn <= in_now
            AND (cardinality(in_kinds) = 0 OR t.kind = ANY (in_kinds))
            AND NOT EXISTS (SELECT FROM tasks l
                WHERE l.tenant = t.tenant AND l.kind = t.kind AND l.key = t.key AND l.status = 1)
            FOR UPDATE OF t SKIP LOCKED);
    ELSIF cardinality(queues) = 0 AND in_tenant IS NULL THEN
        -- Leaps from kind to kind over the index.
        queue := (SELECT min(kind) FROM tasks WHERE status < 2 AND turn > -1);
        WHILE queue IS NOT NULL LOOP
            queues := queues || queue;
            queue := (SELECT min(kind) FROM tasks WHERE status < 2 AND turn > -1 AND kind > queue);
        END LOOP;
    ELSIF cardinality(queues) = 0 THEN
        queue := (SELECT min(kind) FROM tasks WHERE status < 2 AND turn > -1 AND tenant = in_tenant);
        WHILE queue IS NOT NULL LOOP
            queues := queues || queue;
            queue := (SELECT min(kind) FROM tasks WHERE status < 2 AND turn > -1 AND tenant = in_tenant AND kind > queue);
        END LOOP;
    END IF;
    FOREACH queue IN ARRAY queues LOOP
        IF in_tenant IS NULL THEN
            chosen := chosen || ARRAY(SELECT id FROM tasks WHERE kind = queue AND status = 1 AND turn > -1 AND turn <= in_now
                ORDER BY turn, id LIMIT most FOR UPDATE SKIP LOCKED);
            chosen := chosen || ARRAY(SELECT t.id FROM tasks t WHERE t.kind = queue AND t.status = 0 AND t.turn > -1 AND t.turn <= in_now
                AND NOT EXISTS (SELECT FROM tasks l
                    WHERE l.tenant = t.tenant AND l.kind = t.kind AND l.key = t.key AND l.status = 1)
                ORDER BY t.turn, t.id LIMIT most FOR UPDATE OF t SKIP LOCKED);
        ELSE
            chosen := chosen || ARRAY(SELECT id FROM tasks
                WHERE tenant = in_tenant AND kind = queue AND status = 1 AND turn > -1 AND turn <= in_now
                ORDER BY turn, id LIMIT most FOR UPDATE SKIP LOCKED);
            chosen := chosen || ARRAY(SELECT t.id FROM tasks t
                WHERE t.tenant = in_tenant AND t.kind = queue AND t.status = 0 AND t.turn > -1 AND t.turn <= in_now
                AND NOT EXISTS (SELECT FROM tasks l
                    WHERE l.tenant = t.tenant AND l.kind = t.kind AND l.key = t.key AND l.status = 1)
                ORDER BY t.turn, t.id LIMIT most FOR UPDATE OF t SKIP LOCKED);
        END IF;
    END LOOP;
    -- Two statements: in one PostgreSQL may join the table with itself, and read through it.
    chosen := ARRAY(SELECT id FROM tasks WHERE id = ANY (chosen) ORDER BY due, id LIMIT most);
    RETURN QUERY UPDATE tasks SET status = 1, turn = in_until, attempts = attempts + 1 WHERE id = ANY (chosen) RETURNING *;
END $$;
