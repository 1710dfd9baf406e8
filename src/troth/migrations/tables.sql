CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;
    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;
    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;
    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;
    RETURN _job_id;
END;
$$;
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE TABLE public.account_person (
    person_id uuid NOT NULL,
    since_utc timestamp with time zone NOT NULL,
    user_id bigint NOT NULL
);
CREATE TABLE public.act (
    id bigint NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    about text NOT NULL,
    words text NOT NULL
);
ALTER TABLE public.act ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.act_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.agent_body (
    digest bytea NOT NULL,
    until_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.agent_request (
    id uuid NOT NULL,
    agent text NOT NULL,
    exercise text NOT NULL,
    agent_request_id text NOT NULL,
    status_callback text NOT NULL,
    received_utc timestamp with time zone NOT NULL,
    revoked_utc timestamp with time zone,
    case_id uuid NOT NULL
);
CREATE TABLE public.agent_token (
    digest bytea NOT NULL,
    agent text NOT NULL,
    made_utc timestamp with time zone NOT NULL,
    expires_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.authenticator (
    user_id bigint NOT NULL,
    hidden bytea NOT NULL,
    last_step bigint NOT NULL,
    proven_utc timestamp with time zone
);
CREATE TABLE public.bulk_run (
    id uuid NOT NULL,
    work text NOT NULL,
    act text NOT NULL,
    typed jsonb NOT NULL,
    numbers jsonb NOT NULL,
    "position" integer NOT NULL,
    failed jsonb NOT NULL,
    query text NOT NULL,
    begun_utc timestamp with time zone NOT NULL,
    ended_utc timestamp with time zone,
    user_id bigint NOT NULL
);
CREATE TABLE public.case_approval (
    what text NOT NULL,
    who text NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    transaction bigint NOT NULL,
    case_id uuid NOT NULL
);
CREATE TABLE public.case_event (
    id uuid NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    words text NOT NULL,
    case_id uuid NOT NULL
);
CREATE TABLE public.case_message (
    id uuid NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    who text NOT NULL,
    way text NOT NULL,
    words uuid,
    files uuid,
    leaves_utc timestamp with time zone,
    case_id uuid NOT NULL,
    first_id uuid,
    proven boolean DEFAULT true NOT NULL
);
CREATE TABLE public.case_number (
    id bigint NOT NULL
);
ALTER TABLE public.case_number ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.case_number_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.checkpoint (
    size bigint NOT NULL,
    root bytea NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    note text NOT NULL
);
CREATE TABLE public.choice (
    id uuid NOT NULL,
    question text NOT NULL,
    version integer NOT NULL,
    yes boolean NOT NULL,
    way text NOT NULL,
    chosen_utc timestamp with time zone NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.clock_word (
    id bigint NOT NULL,
    size bigint NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    by text NOT NULL,
    reason text NOT NULL
);
ALTER TABLE public.clock_word ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clock_word_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cohort (
    id integer NOT NULL,
    origins integer[] NOT NULL,
    fingerprint bytea NOT NULL,
    region text DEFAULT ''::text NOT NULL
);
ALTER TABLE public.cohort ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cohort_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.datum (
    id uuid NOT NULL,
    kind text NOT NULL,
    sealed bytea,
    clear text,
    blind_index bytea,
    channel text NOT NULL,
    version integer NOT NULL,
    way text NOT NULL,
    evidence text NOT NULL,
    collected_utc timestamp with time zone NOT NULL,
    kept_until_utc timestamp with time zone,
    removed_utc timestamp with time zone,
    request uuid,
    person_id uuid NOT NULL,
    CONSTRAINT datum_sealed_or_clear CHECK ((((sealed IS NULL) OR (clear IS NULL)) AND (1 = (
CASE
    WHEN (sealed IS NULL) THEN 1
    ELSE 0
END +
CASE
    WHEN (clear IS NULL) THEN 1
    ELSE 0
END))))
)
WITH (fillfactor='90');
CREATE TABLE public.datum_mark (
    datum uuid NOT NULL,
    marks integer[] NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.desk_setting (
    user_id bigint NOT NULL,
    letter_keys boolean NOT NULL
);
CREATE TABLE public.device (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    first_utc timestamp with time zone NOT NULL,
    seen_utc timestamp with time zone NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.device ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.device_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.due (
    id uuid NOT NULL,
    what text NOT NULL,
    about uuid NOT NULL,
    step text NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    urgency integer NOT NULL,
    "group" uuid NOT NULL,
    handed_out_utc timestamp with time zone
);
CREATE TABLE public.email_batch (
    id uuid NOT NULL,
    template text NOT NULL,
    begun_utc timestamp with time zone NOT NULL,
    planned_utc timestamp with time zone,
    ended_utc timestamp with time zone,
    stopped text NOT NULL,
    refused_before integer NOT NULL,
    complaints_before integer NOT NULL,
    pace integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.entry (
    id uuid NOT NULL,
    kind text NOT NULL,
    at_utc timestamp with time zone NOT NULL,
    purpose text NOT NULL,
    section text NOT NULL,
    version integer NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    kinds text[] NOT NULL,
    recipient text NOT NULL,
    request uuid,
    payload jsonb NOT NULL,
    expires_utc timestamp with time zone,
    transaction bigint NOT NULL,
    salt bytea,
    leaf bytea NOT NULL,
    person_id uuid NOT NULL,
    alike bigint GENERATED ALWAYS AS (hash_record_extended(ROW(kind, (who = 'person'::text), section, purpose, version, kinds), (0)::bigint)) STORED
);
CREATE TABLE public.entry_chunk (
    person_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    number integer NOT NULL,
    bitmap bytea NOT NULL
);
ALTER TABLE ONLY public.entry_chunk ALTER COLUMN bitmap SET STORAGE EXTERNAL;
CREATE TABLE public.entry_queue (
    person_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT entry_queue_leaf_check CHECK ((length(leaf) = 32))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000');
CREATE TABLE public.event_time (
    event text NOT NULL,
    object uuid NOT NULL,
    at_utc timestamp with time zone,
    person_id uuid NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE public.finished_letter (
    letter_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.form_nonce (
    digest bytea NOT NULL,
    form text NOT NULL,
    receipt uuid NOT NULL,
    spent_utc timestamp with time zone NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.held_erasure (
    person_id uuid NOT NULL,
    case_id uuid,
    kept text[] NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    asked_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.inquiry (
    case_id uuid CONSTRAINT inquiry_id_not_null NOT NULL,
    place text NOT NULL,
    version integer NOT NULL,
    product text NOT NULL,
    assigned_utc timestamp with time zone
);
CREATE TABLE public.invitation (
    id uuid NOT NULL,
    role text NOT NULL,
    invited_by uuid NOT NULL,
    state text NOT NULL,
    sent_utc timestamp with time zone NOT NULL,
    expires_utc timestamp with time zone NOT NULL,
    ended_utc timestamp with time zone,
    organization_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT invitation_role CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text, 'viewer'::text])))
);
CREATE TABLE public.join_request (
    id uuid NOT NULL,
    state text NOT NULL,
    asked_utc timestamp with time zone NOT NULL,
    decided_utc timestamp with time zone,
    decided_by uuid,
    organization_id uuid NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE public.joining_offer (
    person_id uuid NOT NULL,
    made_utc timestamp with time zone NOT NULL,
    declined_utc timestamp with time zone
);
CREATE TABLE public.kept_mail (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    way text NOT NULL,
    received_utc timestamp with time zone NOT NULL,
    size bigint NOT NULL,
    key bytea NOT NULL,
    state text NOT NULL,
    kind text NOT NULL,
    why text NOT NULL,
    tries integer NOT NULL,
    settled_utc timestamp with time zone,
    request uuid,
    room text NOT NULL,
    about uuid,
    person_id uuid,
    sender bytea
);
CREATE TABLE public.key_mark (
    id smallint NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.lane_pause (
    id uuid NOT NULL,
    lane text NOT NULL,
    domain text NOT NULL,
    why text NOT NULL,
    since_utc timestamp with time zone NOT NULL,
    until_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.law_answer (
    class_id integer NOT NULL,
    purpose text NOT NULL,
    version integer NOT NULL,
    section text NOT NULL,
    kinds text[] NOT NULL,
    codes text[] NOT NULL,
    opened text[] NOT NULL,
    timed boolean NOT NULL
);
CREATE TABLE public.law_collect (
    channel text NOT NULL,
    kind text NOT NULL,
    section text NOT NULL,
    version_id integer NOT NULL,
    sensitivity text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.law_kept (
    kind text NOT NULL,
    number integer NOT NULL,
    unit text NOT NULL,
    after text NOT NULL,
    version_id integer NOT NULL,
    place text
);
CREATE TABLE public.law_purpose (
    purpose text NOT NULL,
    choice text NOT NULL,
    marketing boolean NOT NULL,
    recipients text[] NOT NULL,
    kinds text[] NOT NULL,
    section text NOT NULL,
    version_id integer NOT NULL,
    asked bigint DEFAULT 0 NOT NULL,
    asked_more bigint[],
    topics text[] DEFAULT '{}'::text[] NOT NULL,
    choices jsonb,
    serves jsonb
);
CREATE TABLE public.law_question (
    "bit" integer NOT NULL,
    question text NOT NULL,
    version_id integer NOT NULL
);
CREATE TABLE public.law_reach (
    version integer NOT NULL,
    purpose text NOT NULL,
    kind text NOT NULL,
    choice text NOT NULL,
    until integer NOT NULL,
    classes integer[] NOT NULL,
    bits bytea
);
CREATE TABLE public.law_use (
    purpose text NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    introduced integer NOT NULL,
    version_id integer NOT NULL,
    agreed bigint DEFAULT 0 NOT NULL,
    agreed_more bigint[],
    own bigint DEFAULT 0 NOT NULL,
    own_more bigint[],
    stated_in integer[] DEFAULT '{}'::integer[] NOT NULL,
    kept_after text,
    kept_number integer,
    kept_unit text
);
CREATE TABLE public.leaf_order (
    "position" bigint NOT NULL,
    person_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    leaf bytea NOT NULL
);
CREATE TABLE public.legal_hold (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kinds text[] NOT NULL,
    since_utc timestamp with time zone NOT NULL,
    until_utc timestamp with time zone,
    secret_until_utc timestamp with time zone,
    told_utc timestamp with time zone,
    end_told_utc timestamp with time zone,
    person_id uuid NOT NULL
);
CREATE TABLE public.letter (
    id uuid NOT NULL,
    permit uuid,
    purpose text NOT NULL,
    template text NOT NULL,
    kinds jsonb NOT NULL,
    facts jsonb NOT NULL,
    "to" text NOT NULL,
    to_name text NOT NULL,
    to_sealed_address bytea,
    request uuid,
    state text NOT NULL,
    why text NOT NULL,
    attempts integer NOT NULL,
    queued_utc timestamp with time zone NOT NULL,
    claimed_utc timestamp with time zone,
    sent_utc timestamp with time zone,
    person_id uuid NOT NULL,
    next_try_utc timestamp with time zone,
    waiting_since_utc timestamp with time zone,
    topic text DEFAULT ''::text NOT NULL,
    lane text DEFAULT 'service'::text NOT NULL,
    domain text DEFAULT ''::text NOT NULL,
    reply_to text DEFAULT ''::text NOT NULL,
    begun_utc timestamp with time zone,
    useful_until_utc timestamp with time zone,
    fault text DEFAULT ''::text NOT NULL,
    batch uuid,
    complained boolean DEFAULT false NOT NULL
);
CREATE TABLE public.mail_folder (
    name text NOT NULL,
    validity bigint NOT NULL,
    last bigint NOT NULL,
    looked_utc timestamp with time zone,
    problem text NOT NULL
);
CREATE TABLE public.mail_hold (
    id uuid NOT NULL,
    since_utc timestamp with time zone NOT NULL,
    why text NOT NULL,
    released_utc timestamp with time zone,
    released_by text NOT NULL
);
CREATE TABLE public.membership (
    since_utc timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text,
    CONSTRAINT membership_role CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text, 'viewer'::text])))
);
CREATE TABLE public.message_copy (
    id uuid NOT NULL,
    sealed bytea NOT NULL,
    message_id uuid NOT NULL
);
CREATE TABLE public.newsletter_confirmation_count (
    key bytea NOT NULL,
    times integer NOT NULL,
    last_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.newsletter_edition (
    id bigint NOT NULL,
    edition integer NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    saved_by text NOT NULL,
    saved_utc timestamp with time zone NOT NULL,
    issue_id uuid NOT NULL
);
ALTER TABLE public.newsletter_edition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.newsletter_edition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.newsletter_installation (
    id uuid NOT NULL,
    number text NOT NULL,
    product text NOT NULL,
    release text NOT NULL,
    maintained_until date,
    place text NOT NULL,
    version integer NOT NULL,
    address_key bytea NOT NULL,
    registered_utc timestamp with time zone NOT NULL,
    removed_utc timestamp with time zone,
    person_id uuid NOT NULL
);
CREATE TABLE public.newsletter_issue (
    id uuid NOT NULL,
    topic text NOT NULL,
    language text NOT NULL,
    slug text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    edition integer NOT NULL,
    segment jsonb,
    state text NOT NULL,
    saved_by text NOT NULL,
    saved_utc timestamp with time zone NOT NULL,
    scheduled_utc timestamp with time zone,
    begun_utc timestamp with time zone,
    ended_utc timestamp with time zone,
    why text NOT NULL,
    audience integer NOT NULL,
    figures jsonb,
    approved_by text NOT NULL,
    asked_by text NOT NULL,
    covered boolean NOT NULL,
    purpose text NOT NULL,
    pace integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.newsletter_recipient (
    id bigint NOT NULL,
    address_key bytea NOT NULL,
    issue_id uuid NOT NULL,
    person_id uuid NOT NULL
);
ALTER TABLE public.newsletter_recipient ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.newsletter_recipient_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.newsletter_sign_up (
    id uuid NOT NULL,
    number text NOT NULL,
    topic text NOT NULL,
    place text NOT NULL,
    version integer NOT NULL,
    address_key bytea NOT NULL,
    asked_utc timestamp with time zone NOT NULL,
    mailed boolean NOT NULL,
    confirmed_utc timestamp with time zone,
    person_id uuid NOT NULL,
    purpose text DEFAULT 'newsletter'::text NOT NULL
);
CREATE TABLE public.organization (
    id uuid NOT NULL,
    name text NOT NULL,
    domain_index bytea,
    industry text NOT NULL,
    country text NOT NULL,
    state text NOT NULL,
    created_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.origin (
    id integer NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    version integer NOT NULL,
    expired boolean NOT NULL,
    ended text[] DEFAULT '{}'::text[] NOT NULL
);
ALTER TABLE public.origin ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.origin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.passkey (
    id bigint NOT NULL,
    credential bytea NOT NULL,
    credential_id bytea NOT NULL,
    uses bigint NOT NULL,
    made_utc timestamp with time zone NOT NULL,
    used_utc timestamp with time zone,
    user_id bigint NOT NULL
);
ALTER TABLE public.passkey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.passkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.person (
    id uuid NOT NULL,
    ordinal bigint NOT NULL,
    created_utc timestamp with time zone NOT NULL,
    erased_utc timestamp with time zone
);
CREATE TABLE public.person_key (
    person_id uuid NOT NULL,
    wrapped bytea NOT NULL
);
CREATE SEQUENCE public.person_ordinal
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.policy_adoption (
    id uuid NOT NULL,
    number integer NOT NULL,
    law jsonb NOT NULL,
    effective date NOT NULL,
    effective_utc timestamp with time zone NOT NULL,
    declared jsonb NOT NULL,
    first_by text NOT NULL,
    first_utc timestamp with time zone NOT NULL,
    second_by text NOT NULL,
    second_utc timestamp with time zone,
    withdrawn_by text NOT NULL,
    withdrawn_utc timestamp with time zone,
    adopted_utc timestamp with time zone,
    draft_id uuid NOT NULL
);
CREATE TABLE public.policy_draft (
    id uuid NOT NULL,
    text text NOT NULL,
    sha256 text NOT NULL,
    source text NOT NULL,
    saved_by text NOT NULL,
    saved_utc timestamp with time zone NOT NULL,
    former_id uuid
);
CREATE TABLE public.policy_translation (
    id uuid NOT NULL,
    version integer NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    sha256 text NOT NULL,
    of_sha256 text NOT NULL,
    first_by text NOT NULL,
    first_utc timestamp with time zone NOT NULL,
    second_by text DEFAULT ''::text NOT NULL,
    adopted_utc timestamp with time zone,
    withdrawn_by text DEFAULT ''::text NOT NULL,
    withdrawn_utc timestamp with time zone
);
CREATE TABLE public.policy_update (
    id uuid NOT NULL,
    version integer NOT NULL,
    since integer NOT NULL,
    pace integer NOT NULL,
    state text NOT NULL,
    why text NOT NULL,
    begun_utc timestamp with time zone,
    "position" uuid,
    ended_utc timestamp with time zone,
    reminded_utc timestamp with time zone,
    awaits uuid,
    asks_since integer NOT NULL
);
CREATE TABLE public.policy_update_reader (
    address_key bytea,
    way text NOT NULL,
    asks text[] NOT NULL,
    facts text[] NOT NULL,
    bundle text[] DEFAULT '{}'::text[] NOT NULL,
    day integer DEFAULT 0 NOT NULL,
    person_id uuid NOT NULL,
    update_id uuid NOT NULL,
    early_yes text[] DEFAULT '{}'::text[] NOT NULL,
    early_no text[] DEFAULT '{}'::text[] NOT NULL
);
CREATE TABLE public.policy_version (
    number integer NOT NULL,
    text text NOT NULL,
    sha256 text NOT NULL,
    effective date NOT NULL,
    adopted_utc timestamp with time zone NOT NULL,
    adopted_by text NOT NULL,
    reckons boolean DEFAULT false NOT NULL,
    compiler text DEFAULT ''::text NOT NULL,
    compiled text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.preference_pause (
    id uuid NOT NULL,
    since_utc timestamp with time zone NOT NULL,
    until_utc timestamp with time zone NOT NULL,
    saved jsonb NOT NULL,
    person_id uuid NOT NULL,
    purpose text NOT NULL
);
CREATE TABLE public.prepared_file (
    id uuid NOT NULL,
    owner text NOT NULL,
    form text NOT NULL,
    name text NOT NULL,
    subject uuid NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    asked_utc timestamp with time zone NOT NULL,
    ready_utc timestamp with time zone,
    person_id uuid,
    key bytea
);
CREATE TABLE public.private_link (
    id uuid NOT NULL,
    power text NOT NULL,
    request uuid,
    digest bytea NOT NULL,
    made_utc timestamp with time zone NOT NULL,
    "grant" uuid,
    expires_utc timestamp with time zone NOT NULL,
    person_id uuid NOT NULL,
    spent_utc timestamp with time zone,
    spent_by text DEFAULT ''::text NOT NULL,
    further jsonb NOT NULL
);
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.progress (
    step text NOT NULL,
    after uuid NOT NULL,
    changed integer NOT NULL,
    ended_utc timestamp with time zone
);
CREATE TABLE public.proof (
    id uuid NOT NULL,
    what text NOT NULL,
    digest bytea NOT NULL,
    password text NOT NULL,
    expires_utc timestamp with time zone NOT NULL,
    spent_utc timestamp with time zone,
    person_id uuid NOT NULL,
    user_id bigint,
    spent_by text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.quote_request (
    case_id uuid CONSTRAINT quote_request_id_not_null NOT NULL,
    place text NOT NULL,
    version integer NOT NULL,
    need text NOT NULL,
    product text NOT NULL,
    edition text NOT NULL,
    users integer,
    territory text NOT NULL,
    address_key bytea,
    company_key bytea,
    routed_utc timestamp with time zone,
    rule text NOT NULL,
    rule_title text NOT NULL,
    rule_number integer,
    rules integer,
    why text NOT NULL,
    recipient_class text NOT NULL,
    recipient text NOT NULL,
    recipient_name text NOT NULL,
    given_kinds text[] NOT NULL,
    disclosure uuid,
    repeats_id uuid
);
CREATE TABLE public.rate_count (
    id bigint NOT NULL,
    what text NOT NULL,
    digest bytea NOT NULL,
    window_utc timestamp with time zone NOT NULL,
    times integer NOT NULL
);
ALTER TABLE public.rate_count ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.rate_count_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.rate_salt (
    day date NOT NULL,
    salt bytea NOT NULL
);
CREATE TABLE public.recovery_code (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    spent_utc timestamp with time zone,
    user_id bigint NOT NULL
);
ALTER TABLE public.recovery_code ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recovery_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.reply_draft (
    who text NOT NULL,
    words bytea NOT NULL,
    saved_utc timestamp with time zone NOT NULL,
    case_id uuid NOT NULL
);
CREATE TABLE public.request_case (
    id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    account bigint,
    state text NOT NULL,
    manner text NOT NULL,
    regime text NOT NULL,
    business boolean NOT NULL,
    received_utc timestamp with time zone NOT NULL,
    confirm_utc timestamp with time zone,
    notice_utc timestamp with time zone,
    due_utc timestamp with time zone NOT NULL,
    law_utc timestamp with time zone,
    verified_utc timestamp with time zone,
    confirmed_utc timestamp with time zone,
    noticed_utc timestamp with time zone,
    extended_utc timestamp with time zone,
    extended_why text NOT NULL,
    reminded integer NOT NULL,
    answered_utc timestamp with time zone,
    nature text NOT NULL,
    basis text NOT NULL,
    assigned_to text NOT NULL,
    facts jsonb NOT NULL,
    person_id uuid,
    organization_id uuid,
    shared boolean NOT NULL,
    purpose text NOT NULL,
    queue text NOT NULL,
    answered_by text NOT NULL,
    denial text NOT NULL,
    joined text NOT NULL,
    callback boolean NOT NULL,
    alarm text NOT NULL,
    approves text NOT NULL,
    waits_for text DEFAULT ''::text NOT NULL,
    waits_until_utc timestamp with time zone,
    asked_by text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.retention_day (
    day date NOT NULL,
    kind text NOT NULL,
    people bigint NOT NULL
);
CREATE TABLE public.saved_view (
    id bigint NOT NULL,
    work text NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.saved_view ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.saved_view_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.session (
    session_key character varying(64) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    number uuid,
    way text NOT NULL,
    started_utc timestamp with time zone,
    seen_utc timestamp with time zone NOT NULL,
    user_id bigint
);
CREATE TABLE public.shared_fact (
    person_id uuid NOT NULL,
    by_person uuid NOT NULL,
    since_utc timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    shared boolean NOT NULL
);
CREATE TABLE public.snippet (
    id bigint NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    words text NOT NULL,
    saved_by text NOT NULL,
    saved_utc timestamp with time zone NOT NULL
);
ALTER TABLE public.snippet ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.snippet_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.soft_bounce (
    email uuid NOT NULL,
    mark bytea NOT NULL,
    at_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.staff_seat (
    session_key text NOT NULL,
    user_id bigint NOT NULL,
    until_utc timestamp with time zone NOT NULL
);
CREATE TABLE public.staff_secret (
    user_id bigint NOT NULL,
    verifier bytea NOT NULL
);
CREATE TABLE public.standing (
    person_id uuid NOT NULL,
    settled_until timestamp with time zone NOT NULL,
    ordinal integer NOT NULL,
    class_id integer CONSTRAINT standing_class_id_not_null1 NOT NULL
);
CREATE TABLE public.standing_class (
    id integer NOT NULL,
    cohort integer NOT NULL,
    yes bigint NOT NULL,
    no bigint NOT NULL,
    opted_out boolean NOT NULL,
    yes_more bigint[],
    no_more bigint[]
);
ALTER TABLE public.standing_class ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.standing_class_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.stored_file (
    id uuid NOT NULL,
    datum uuid,
    prepared uuid,
    stored bigint NOT NULL,
    digest text NOT NULL,
    kept_utc timestamp with time zone NOT NULL,
    person_id uuid,
    mail uuid,
    CONSTRAINT stored_file_has_one_owner CHECK ((num_nonnulls(datum, prepared, mail) = 1))
);
CREATE TABLE public.support_case (
    case_id uuid NOT NULL,
    place text NOT NULL,
    version integer NOT NULL,
    product text NOT NULL,
    release text NOT NULL,
    priority text NOT NULL,
    rating text NOT NULL,
    rated_utc timestamp with time zone
);
CREATE TABLE public.suppression (
    mark bytea NOT NULL,
    why text NOT NULL,
    since_utc timestamp with time zone NOT NULL,
    evidence uuid
);
CREATE TABLE public.tile (
    level smallint NOT NULL,
    number bigint NOT NULL,
    hashes bytea NOT NULL
);
ALTER TABLE ONLY public.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE TABLE public."user" (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id bigint NOT NULL,
    username character varying(64) NOT NULL,
    sealed_address bytea,
    display_name character varying(120) NOT NULL,
    role character varying(16) NOT NULL,
    is_active boolean NOT NULL,
    person_id uuid,
    address_request uuid,
    policy_seen integer DEFAULT 0 NOT NULL,
    password_utc timestamp with time zone
);
ALTER TABLE public."user" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.word_mark (
    message_id uuid NOT NULL,
    marks integer[] NOT NULL
);
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
INSERT INTO public.django_migrations VALUES (1, 'contenttypes', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (2, 'contenttypes', '0002_remove_content_type_name', now());
INSERT INTO public.django_migrations VALUES (3, 'auth', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (4, 'auth', '0002_alter_permission_name_max_length', now());
INSERT INTO public.django_migrations VALUES (5, 'auth', '0003_alter_user_email_max_length', now());
INSERT INTO public.django_migrations VALUES (6, 'auth', '0004_alter_user_username_opts', now());
INSERT INTO public.django_migrations VALUES (7, 'auth', '0005_alter_user_last_login_null', now());
INSERT INTO public.django_migrations VALUES (8, 'auth', '0006_require_contenttypes_0002', now());
INSERT INTO public.django_migrations VALUES (9, 'auth', '0007_alter_validators_add_error_messages', now());
INSERT INTO public.django_migrations VALUES (10, 'auth', '0008_alter_user_username_max_length', now());
INSERT INTO public.django_migrations VALUES (11, 'auth', '0009_alter_user_last_name_max_length', now());
INSERT INTO public.django_migrations VALUES (12, 'auth', '0010_alter_group_name_max_length', now());
INSERT INTO public.django_migrations VALUES (13, 'auth', '0011_update_proxy_permissions', now());
INSERT INTO public.django_migrations VALUES (14, 'auth', '0012_alter_user_first_name_max_length', now());
INSERT INTO public.django_migrations VALUES (15, 'procrastinate', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (16, 'procrastinate', '0002_drop_started_at_column', now());
INSERT INTO public.django_migrations VALUES (17, 'procrastinate', '0003_drop_started_at_column', now());
INSERT INTO public.django_migrations VALUES (18, 'procrastinate', '0004_drop_procrastinate_version_table', now());
INSERT INTO public.django_migrations VALUES (19, 'procrastinate', '0005_fix_procrastinate_fetch_job', now());
INSERT INTO public.django_migrations VALUES (20, 'procrastinate', '0006_fix_trigger_status_events_insert', now());
INSERT INTO public.django_migrations VALUES (21, 'procrastinate', '0007_add_queueing_lock_column', now());
INSERT INTO public.django_migrations VALUES (22, 'procrastinate', '0008_close_fetch_job_race_condition', now());
INSERT INTO public.django_migrations VALUES (23, 'procrastinate', '0009_add_defer_job_function', now());
INSERT INTO public.django_migrations VALUES (24, 'procrastinate', '0010_add_procrastinate_periodic_defers', now());
INSERT INTO public.django_migrations VALUES (25, 'procrastinate', '0011_add_foreign_key_index', now());
INSERT INTO public.django_migrations VALUES (26, 'procrastinate', '0012_add_locks_to_periodic_defer', now());
INSERT INTO public.django_migrations VALUES (27, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', now());
INSERT INTO public.django_migrations VALUES (28, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', now());
INSERT INTO public.django_migrations VALUES (29, 'procrastinate', '0015_add_trigger_on_job_deletion', now());
INSERT INTO public.django_migrations VALUES (30, 'procrastinate', '0016_delete_finished_jobs', now());
INSERT INTO public.django_migrations VALUES (31, 'procrastinate', '0017_add_checks_to_finish_job', now());
INSERT INTO public.django_migrations VALUES (32, 'procrastinate', '0018_add_checks_to_retry_job', now());
INSERT INTO public.django_migrations VALUES (33, 'procrastinate', '0019_fix_finish_job_compat_issue', now());
INSERT INTO public.django_migrations VALUES (34, 'procrastinate', '0020_add_index_on_procrastinate_jobs', now());
INSERT INTO public.django_migrations VALUES (35, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', now());
INSERT INTO public.django_migrations VALUES (36, 'procrastinate', '0022_null_locks_excluded', now());
INSERT INTO public.django_migrations VALUES (37, 'procrastinate', '0023_remove_old_finish_job_function', now());
INSERT INTO public.django_migrations VALUES (38, 'procrastinate', '0024_job_id_bigint', now());
INSERT INTO public.django_migrations VALUES (39, 'procrastinate', '0025_add_models', now());
INSERT INTO public.django_migrations VALUES (40, 'procrastinate', '0026_add_job_priority', now());
INSERT INTO public.django_migrations VALUES (41, 'procrastinate', '0027_add_periodic_job_priority', now());
INSERT INTO public.django_migrations VALUES (42, 'procrastinate', '0028_add_cancel_states', now());
INSERT INTO public.django_migrations VALUES (43, 'procrastinate', '0029_add_additional_params_to_retry_job', now());
INSERT INTO public.django_migrations VALUES (44, 'procrastinate', '0030_alter_procrastinateevent_options', now());
INSERT INTO public.django_migrations VALUES (45, 'procrastinate', '0031_add_indexes_for_fetch_job', now());
INSERT INTO public.django_migrations VALUES (46, 'procrastinate', '0032_pre_cancel_notification', now());
INSERT INTO public.django_migrations VALUES (47, 'procrastinate', '0033_post_cancel_notification', now());
INSERT INTO public.django_migrations VALUES (48, 'procrastinate', '0034_pre_add_heartbeat', now());
INSERT INTO public.django_migrations VALUES (49, 'procrastinate', '0035_post_add_heartbeat', now());
INSERT INTO public.django_migrations VALUES (50, 'procrastinate', '0036_add_worker_model', now());
INSERT INTO public.django_migrations VALUES (51, 'procrastinate', '0037_pre_batch_defer_jobs', now());
INSERT INTO public.django_migrations VALUES (52, 'procrastinate', '0038_post_batch_defer_jobs', now());
INSERT INTO public.django_migrations VALUES (53, 'procrastinate', '0039_pre_priority_lock_fetch_job', now());
INSERT INTO public.django_migrations VALUES (54, 'procrastinate', '0040_pre_retry_failed_job', now());
INSERT INTO public.django_migrations VALUES (55, 'procrastinate', '0041_post_retry_failed_job', now());
INSERT INTO public.django_migrations VALUES (56, 'sessions', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (57, 'troth', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (58, 'troth', '0002_functions', now());
INSERT INTO public.django_migrations VALUES (59, 'troth', '0003_sealing', now());
INSERT INTO public.django_migrations VALUES (60, 'troth', '0004_standing', now());
INSERT INTO public.django_migrations VALUES (61, 'troth', '0005_nonce_content', now());
INSERT INTO public.django_migrations VALUES (62, 'troth', '0006_reasons', now());
INSERT INTO public.django_migrations VALUES (63, 'troth', '0007_accounts', now());
INSERT INTO public.django_migrations VALUES (64, 'troth', '0008_link_powers', now());
INSERT INTO public.django_migrations VALUES (65, 'troth', '0009_cases', now());
INSERT INTO public.django_migrations VALUES (66, 'troth', '0010_pauses', now());
INSERT INTO public.django_migrations VALUES (67, 'troth', '0011_organizations', now());
INSERT INTO public.django_migrations VALUES (68, 'troth', '0012_agents', now());
INSERT INTO public.django_migrations VALUES (69, 'troth', '0013_addresses', now());
INSERT INTO public.django_migrations VALUES (70, 'troth', '0014_powers', now());
INSERT INTO public.django_migrations VALUES (71, 'troth', '0015_operator', now());
INSERT INTO public.django_migrations VALUES (72, 'troth', '0016_console', now());
INSERT INTO public.django_migrations VALUES (73, 'troth', '0017_links', now());
INSERT INTO public.django_migrations VALUES (74, 'troth', '0018_times', now());
INSERT INTO public.django_migrations VALUES (75, 'troth', '0019_cases', now());
INSERT INTO public.django_migrations VALUES (76, 'troth', '0020_kinds', now());
INSERT INTO public.django_migrations VALUES (77, 'troth', '0021_emails', now());
INSERT INTO public.django_migrations VALUES (78, 'troth', '0022_files', now());
INSERT INTO public.django_migrations VALUES (79, 'troth', '0023_topics', now());
INSERT INTO public.django_migrations VALUES (80, 'troth', '0024_approvals', now());
INSERT INTO public.django_migrations VALUES (81, 'troth', '0025_owned', now());
INSERT INTO public.django_migrations VALUES (82, 'troth', '0026_said', now());
INSERT INTO public.django_migrations VALUES (83, 'troth', '0027_console', now());
INSERT INTO public.django_migrations VALUES (84, 'troth', '0028_classes', now());
INSERT INTO public.django_migrations VALUES (85, 'troth', '0029_requests', now());
INSERT INTO public.django_migrations VALUES (86, 'troth', '0030_thread', now());
INSERT INTO public.django_migrations VALUES (87, 'troth', '0031_lanes', now());
INSERT INTO public.django_migrations VALUES (88, 'troth', '0032_mailbox', now());
INSERT INTO public.django_migrations VALUES (89, 'troth', '0033_newsletters', now());
INSERT INTO public.django_migrations VALUES (90, 'troth', '0034_issues', now());
INSERT INTO public.django_migrations VALUES (91, 'troth', '0035_replies', now());
INSERT INTO public.django_migrations VALUES (92, 'troth', '0036_work_lists', now());
INSERT INTO public.django_migrations VALUES (93, 'troth', '0037_batches', now());
INSERT INTO public.django_migrations VALUES (94, 'troth', '0038_soft_bounces', now());
INSERT INTO public.django_migrations VALUES (95, 'troth', '0039_notices', now());
INSERT INTO public.django_migrations VALUES (96, 'troth', '0040_settings', now());
INSERT INTO public.django_migrations VALUES (97, 'troth', '0041_copies', now());
INSERT INTO public.django_migrations VALUES (98, 'troth', '0042_sendings', now());
INSERT INTO public.django_migrations VALUES (99, 'troth', '0043_compiled', now());
INSERT INTO public.django_migrations VALUES (100, 'troth', '0044_pause_of_one_purpose', now());
INSERT INTO public.django_migrations VALUES (101, 'troth', '0045_looks_of_a_link', now());
INSERT INTO public.django_migrations VALUES (102, 'troth', '0046_holds', now());
INSERT INTO public.django_migrations VALUES (103, 'troth', '0047_updates', now());
INSERT INTO public.django_migrations VALUES (104, 'troth', '0048_gag', now());
INSERT INTO public.django_migrations VALUES (105, 'troth', '0049_planning', now());
INSERT INTO public.django_migrations VALUES (106, 'troth', '0050_translations', now());
INSERT INTO public.django_migrations VALUES (107, 'troth', '0051_readers', now());
INSERT INTO public.django_migrations VALUES (108, 'troth', '0052_work_indexes', now());
INSERT INTO public.django_migrations VALUES (109, 'troth', '0053_regions', now());
INSERT INTO public.django_migrations VALUES (110, 'troth', '0054_serving', now());
INSERT INTO public.django_migrations VALUES (111, 'troth', '0055_goes_with_datum', now());
INSERT INTO public.django_migrations VALUES (112, 'troth', '0056_answers', now());
INSERT INTO public.django_migrations VALUES (113, 'troth', '0057_sign_ups', now());
INSERT INTO public.django_migrations VALUES (114, 'troth', '0058_use_times', now());
INSERT INTO public.django_migrations VALUES (115, 'troth', '0059_update_readers', now());
INSERT INTO public.django_migrations VALUES (116, 'troth', '0060_cases_of_people', now());
INSERT INTO public.django_migrations VALUES (117, 'troth', '0061_message_in_case', now());
INSERT INTO public.django_migrations VALUES (118, 'troth', '0062_announced', now());
INSERT INTO public.django_migrations VALUES (119, 'troth', '0063_entries_by_time', now());
INSERT INTO public.django_migrations VALUES (120, 'troth', '0064_counted_alarms', now());
INSERT INTO public.django_migrations VALUES (121, 'troth', '0065_asks_since', now());
INSERT INTO public.django_migrations VALUES (122, 'troth', '0066_written_by_thousands', now());
INSERT INTO public.django_migrations VALUES (123, 'troth', '0067_room_for_new_ends', now());
INSERT INTO public.django_migrations VALUES (124, 'troth', '0068_asked_for', now());
INSERT INTO public.django_migrations VALUES (125, 'troth', '0069_pace', now());
INSERT INTO public.django_migrations VALUES (126, 'troth', '0070_answers_name_origins', now());
INSERT INTO public.django_migrations VALUES (127, 'troth', '0071_reach', now());
INSERT INTO public.django_migrations VALUES (128, 'troth', '0072_password_time', now());
INSERT INTO public.django_migrations VALUES (129, 'troth', '0073_mail_of_nobody', now());
INSERT INTO public.django_migrations VALUES (130, 'troth', '0074_deleted_drafts', now());
SELECT pg_catalog.setval('public.act_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.case_number_id_seq', 1, false);
SELECT pg_catalog.setval('public.clock_word_id_seq', 1, false);
SELECT pg_catalog.setval('public.cohort_id_seq', 1, false);
SELECT pg_catalog.setval('public.device_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 130, true);
SELECT pg_catalog.setval('public.newsletter_edition_id_seq', 1, false);
SELECT pg_catalog.setval('public.newsletter_recipient_id_seq', 1, false);
SELECT pg_catalog.setval('public.origin_id_seq', 1, false);
SELECT pg_catalog.setval('public.passkey_id_seq', 1, false);
SELECT pg_catalog.setval('public.person_ordinal', 0, false);
SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);
SELECT pg_catalog.setval('public.rate_count_id_seq', 1, false);
SELECT pg_catalog.setval('public.recovery_code_id_seq', 1, false);
SELECT pg_catalog.setval('public.saved_view_id_seq', 1, false);
SELECT pg_catalog.setval('public.snippet_id_seq', 1, false);
SELECT pg_catalog.setval('public.standing_class_id_seq', 1, false);
SELECT pg_catalog.setval('public.user_id_seq', 1, false);
ALTER TABLE ONLY public.account_person
    ADD CONSTRAINT account_person_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.act
    ADD CONSTRAINT act_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agent_body
    ADD CONSTRAINT agent_body_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.agent_request
    ADD CONSTRAINT agent_request_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agent_token
    ADD CONSTRAINT agent_token_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.authenticator
    ADD CONSTRAINT authenticator_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.bulk_run
    ADD CONSTRAINT bulk_run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.case_approval
    ADD CONSTRAINT case_approval_pkey PRIMARY KEY (case_id, what, who);
ALTER TABLE ONLY public.case_event
    ADD CONSTRAINT case_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.case_message
    ADD CONSTRAINT case_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.case_number
    ADD CONSTRAINT case_number_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (size);
ALTER TABLE ONLY public.choice
    ADD CONSTRAINT choice_pkey PRIMARY KEY (person_id, id);
ALTER TABLE ONLY public.clock_word
    ADD CONSTRAINT clock_word_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cohort
    ADD CONSTRAINT cohort_fingerprint_key UNIQUE (fingerprint);
ALTER TABLE ONLY public.cohort
    ADD CONSTRAINT cohort_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.datum_mark
    ADD CONSTRAINT datum_mark_pkey PRIMARY KEY (datum);
ALTER TABLE ONLY public.datum
    ADD CONSTRAINT datum_pkey PRIMARY KEY (person_id, id);
ALTER TABLE ONLY public.desk_setting
    ADD CONSTRAINT desk_setting_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_once UNIQUE (user_id, digest);
ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.due
    ADD CONSTRAINT due_once UNIQUE (what, about, step);
ALTER TABLE ONLY public.due
    ADD CONSTRAINT due_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.email_batch
    ADD CONSTRAINT email_batch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.entry_chunk
    ADD CONSTRAINT entry_chunk_pkey PRIMARY KEY (person_id, entry_id, number);
ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (person_id, id);
ALTER TABLE ONLY public.event_time
    ADD CONSTRAINT event_time_pkey PRIMARY KEY (person_id, event, object);
ALTER TABLE ONLY public.finished_letter
    ADD CONSTRAINT finished_letter_pkey PRIMARY KEY (letter_id);
ALTER TABLE ONLY public.form_nonce
    ADD CONSTRAINT form_nonce_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.held_erasure
    ADD CONSTRAINT held_erasure_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.inquiry
    ADD CONSTRAINT inquiry_pkey PRIMARY KEY (case_id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.join_request
    ADD CONSTRAINT join_request_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.joining_offer
    ADD CONSTRAINT joining_offer_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.kept_mail
    ADD CONSTRAINT kept_mail_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.kept_mail
    ADD CONSTRAINT kept_mail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.key_mark
    ADD CONSTRAINT key_mark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.lane_pause
    ADD CONSTRAINT lane_pause_once UNIQUE (lane, domain);
ALTER TABLE ONLY public.lane_pause
    ADD CONSTRAINT lane_pause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.law_answer
    ADD CONSTRAINT law_answer_pkey PRIMARY KEY (class_id, purpose, version);
ALTER TABLE ONLY public.law_collect
    ADD CONSTRAINT law_collect_pkey PRIMARY KEY (version_id, channel, kind);
ALTER TABLE ONLY public.law_kept
    ADD CONSTRAINT law_kept_pkey PRIMARY KEY (kind, version_id);
ALTER TABLE ONLY public.law_purpose
    ADD CONSTRAINT law_purpose_pkey PRIMARY KEY (version_id, purpose);
ALTER TABLE ONLY public.law_question
    ADD CONSTRAINT law_question_once UNIQUE (question, version_id);
ALTER TABLE ONLY public.law_question
    ADD CONSTRAINT law_question_pkey PRIMARY KEY ("bit");
ALTER TABLE ONLY public.law_reach
    ADD CONSTRAINT law_reach_pkey PRIMARY KEY (version, purpose, kind, choice);
ALTER TABLE ONLY public.law_use
    ADD CONSTRAINT law_use_pkey PRIMARY KEY (version_id, purpose, kind, channel);
ALTER TABLE ONLY public.leaf_order
    ADD CONSTRAINT leaf_order_once UNIQUE (person_id, entry_id);
ALTER TABLE ONLY public.leaf_order
    ADD CONSTRAINT leaf_order_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.legal_hold
    ADD CONSTRAINT legal_hold_once UNIQUE (case_id, person_id);
ALTER TABLE ONLY public.legal_hold
    ADD CONSTRAINT legal_hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.letter
    ADD CONSTRAINT letter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_folder
    ADD CONSTRAINT mail_folder_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.mail_hold
    ADD CONSTRAINT mail_hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (person_id, organization_id);
ALTER TABLE ONLY public.message_copy
    ADD CONSTRAINT message_copy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.newsletter_confirmation_count
    ADD CONSTRAINT newsletter_confirmation_count_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.newsletter_edition
    ADD CONSTRAINT newsletter_edition_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.newsletter_installation
    ADD CONSTRAINT newsletter_installation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.newsletter_issue
    ADD CONSTRAINT newsletter_issue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.newsletter_recipient
    ADD CONSTRAINT newsletter_recipient_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.newsletter_sign_up
    ADD CONSTRAINT newsletter_sign_up_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.newsletter_recipient
    ADD CONSTRAINT one_issue_an_address UNIQUE (issue_id, address_key);
ALTER TABLE ONLY public.snippet
    ADD CONSTRAINT one_snippet_of_a_name UNIQUE (language, name);
ALTER TABLE ONLY public.newsletter_edition
    ADD CONSTRAINT one_text_an_edition UNIQUE (issue_id, edition);
ALTER TABLE ONLY public.saved_view
    ADD CONSTRAINT one_view_of_a_name UNIQUE (user_id, work, name);
ALTER TABLE ONLY public.organization
    ADD CONSTRAINT organization_domain_index_key UNIQUE (domain_index);
ALTER TABLE ONLY public.organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.origin
    ADD CONSTRAINT origin_once UNIQUE (kind, channel, version, expired, ended);
ALTER TABLE ONLY public.origin
    ADD CONSTRAINT origin_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_credential_id_key UNIQUE (credential_id);
ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.person_key
    ADD CONSTRAINT person_key_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_ordinal_key UNIQUE (ordinal);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.policy_adoption
    ADD CONSTRAINT policy_adoption_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.policy_draft
    ADD CONSTRAINT policy_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.policy_translation
    ADD CONSTRAINT policy_translation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.policy_update
    ADD CONSTRAINT policy_update_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.policy_update_reader
    ADD CONSTRAINT policy_update_reader_pkey PRIMARY KEY (update_id, person_id);
ALTER TABLE ONLY public.policy_version
    ADD CONSTRAINT policy_version_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.preference_pause
    ADD CONSTRAINT preference_pause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.prepared_file
    ADD CONSTRAINT prepared_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.private_link
    ADD CONSTRAINT private_link_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.private_link
    ADD CONSTRAINT private_link_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.progress
    ADD CONSTRAINT progress_pkey PRIMARY KEY (step);
ALTER TABLE ONLY public.proof
    ADD CONSTRAINT proof_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.proof
    ADD CONSTRAINT proof_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.quote_request
    ADD CONSTRAINT quote_request_pkey PRIMARY KEY (case_id);
ALTER TABLE ONLY public.rate_count
    ADD CONSTRAINT rate_count_once UNIQUE (what, digest, window_utc);
ALTER TABLE ONLY public.rate_count
    ADD CONSTRAINT rate_count_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rate_salt
    ADD CONSTRAINT rate_salt_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reply_draft
    ADD CONSTRAINT reply_draft_pkey PRIMARY KEY (case_id, who);
ALTER TABLE ONLY public.request_case
    ADD CONSTRAINT request_case_number_key UNIQUE (number);
ALTER TABLE ONLY public.request_case
    ADD CONSTRAINT request_case_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.retention_day
    ADD CONSTRAINT retention_day_pkey PRIMARY KEY (day, kind);
ALTER TABLE ONLY public.saved_view
    ADD CONSTRAINT saved_view_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.shared_fact
    ADD CONSTRAINT shared_fact_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.snippet
    ADD CONSTRAINT snippet_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.soft_bounce
    ADD CONSTRAINT soft_bounce_pkey PRIMARY KEY (email);
ALTER TABLE ONLY public.staff_seat
    ADD CONSTRAINT staff_seat_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.staff_secret
    ADD CONSTRAINT staff_secret_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.standing_class
    ADD CONSTRAINT standing_class_once UNIQUE NULLS NOT DISTINCT (cohort, yes, no, opted_out, yes_more, no_more);
ALTER TABLE ONLY public.standing_class
    ADD CONSTRAINT standing_class_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.standing
    ADD CONSTRAINT standing_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT stored_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.support_case
    ADD CONSTRAINT support_case_pkey PRIMARY KEY (case_id);
ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_pkey PRIMARY KEY (mark);
ALTER TABLE ONLY public.tile
    ADD CONSTRAINT tile_pkey PRIMARY KEY (level, number);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_person_id_key UNIQUE (person_id);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_sealed_address_key UNIQUE (sealed_address);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_username_key UNIQUE (username);
ALTER TABLE ONLY public.word_mark
    ADD CONSTRAINT word_mark_pkey PRIMARY KEY (message_id);
CREATE INDEX account_person_user_id_6726ac18 ON public.account_person USING btree (user_id);
CREATE INDEX act_at_utc_fe48f756 ON public.act USING btree (at_utc);
CREATE INDEX act_by_about ON public.act USING btree (about, what);
CREATE INDEX agent_body_until_utc_f672eedc ON public.agent_body USING btree (until_utc);
CREATE INDEX agent_request_agent_65c2bfed ON public.agent_request USING btree (agent);
CREATE INDEX agent_request_agent_65c2bfed_like ON public.agent_request USING btree (agent text_pattern_ops);
CREATE INDEX agent_request_case_id_8a7876e2 ON public.agent_request USING btree (case_id);
CREATE INDEX agent_token_expires_utc_037cb669 ON public.agent_token USING btree (expires_utc);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX bulk_run_begun_utc_701948fa ON public.bulk_run USING btree (begun_utc);
CREATE INDEX bulk_run_user_id_e45f6246 ON public.bulk_run USING btree (user_id);
CREATE INDEX case_by_account ON public.request_case USING btree (account, kind);
CREATE INDEX case_by_day ON public.request_case USING btree (purpose, received_utc DESC, number);
CREATE INDEX case_by_due ON public.request_case USING btree (state, due_utc);
CREATE INDEX case_by_state ON public.request_case USING btree (purpose, state);
CREATE INDEX case_by_turn ON public.request_case USING btree (purpose, state, waits_for, due_utc, number) INCLUDE (assigned_to, alarm);
CREATE INDEX case_event_case_id_a2eaf377 ON public.case_event USING btree (case_id);
CREATE INDEX case_in_time ON public.request_case USING btree (answered_utc) INCLUDE (purpose, due_utc) WHERE (state = 'answered'::text);
CREATE INDEX case_message_first_id_71439c4e ON public.case_message USING btree (first_id);
CREATE INDEX case_of_person ON public.request_case USING btree (person_id, received_utc);
CREATE INDEX case_secret ON public.request_case USING btree (id) WHERE ((facts ->> 'secret_until'::text) IS NOT NULL);
CREATE INDEX choice_by_topic ON public.choice USING btree (question, person_id, chosen_utc DESC, id DESC) INCLUDE (yes) WHERE (question ~~ '%/%'::text);
CREATE INDEX cohort_by_origin ON public.cohort USING gin (origins) WITH (fastupdate=off);
CREATE INDEX datum_by_blind_index ON public.datum USING btree (kind, blind_index);
CREATE INDEX datum_by_clear ON public.datum USING btree (kind, "left"(clear, 200)) WHERE (clear IS NOT NULL);
CREATE INDEX datum_mark_by_word ON public.datum_mark USING gin (marks);
CREATE INDEX datum_mark_person_id_2c4530d6 ON public.datum_mark USING btree (person_id);
CREATE INDEX device_user_id_2c2d5731 ON public.device USING btree (user_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX due_by_group ON public.due USING btree ("group");
CREATE INDEX due_next ON public.due USING btree (at_utc) WHERE (handed_out_utc IS NULL);
CREATE INDEX entry_by_time ON public.entry USING btree (person_id, at_utc, id) INCLUDE (alike, request);
CREATE INDEX entry_chunk_by_number ON public.entry_chunk USING btree (number);
CREATE INDEX form_nonce_spent_utc_6fa53a35 ON public.form_nonce USING btree (spent_utc);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX installations_of_a_product ON public.newsletter_installation USING btree (product, registered_utc);
CREATE INDEX invitation_organization_id_1e094f14 ON public.invitation USING btree (organization_id);
CREATE INDEX invitation_person_id_bf849508 ON public.invitation USING btree (person_id);
CREATE INDEX join_request_organization_id_9bd2cabb ON public.join_request USING btree (organization_id);
CREATE INDEX join_request_person_id_ea055f8e ON public.join_request USING btree (person_id);
CREATE INDEX kept_mail_by_sender ON public.kept_mail USING btree (sender) WHERE (person_id IS NULL);
CREATE INDEX kept_mail_by_state ON public.kept_mail USING btree (state, received_utc);
CREATE INDEX kept_mail_person_id_72b7d32f ON public.kept_mail USING btree (person_id);
CREATE INDEX law_use_timed ON public.law_use USING btree (kind, channel, purpose) WHERE (kept_number IS NOT NULL);
CREATE INDEX legal_hold_in_force ON public.legal_hold USING btree (person_id) WHERE (until_utc IS NULL);
CREATE INDEX legal_hold_untold ON public.legal_hold USING btree (secret_until_utc) WHERE (end_told_utc IS NULL);
CREATE INDEX letter_due ON public.letter USING btree (lane, next_try_utc) WHERE (state = 'planned'::text);
CREATE INDEX letter_of_a_batch ON public.letter USING btree (batch, state) WHERE (batch IS NOT NULL);
CREATE UNIQUE INDEX letter_once_a_request ON public.letter USING btree (request, template, "to") WHERE (batch IS NULL);
CREATE INDEX letter_person_id_436250e1 ON public.letter USING btree (person_id);
CREATE INDEX letter_stopped ON public.letter USING btree (state, queued_utc) WHERE (NOT (state = ANY (ARRAY['planned'::text, 'sent'::text])));
CREATE INDEX mail_folder_name_898a519e_like ON public.mail_folder USING btree (name text_pattern_ops);
CREATE UNIQUE INDEX membership_of_one_organization ON public.membership USING btree (person_id) WHERE (role IS NOT NULL);
CREATE INDEX membership_organization_id_0e9a36cf ON public.membership USING btree (organization_id);
CREATE INDEX message_by_case ON public.case_message USING btree (case_id, at_utc);
CREATE INDEX message_copy_message_id_9249c67f ON public.message_copy USING btree (message_id);
CREATE INDEX message_in_case ON public.case_message USING btree (id) INCLUDE (case_id);
CREATE INDEX newsletter_edition_issue_id_baa78f11 ON public.newsletter_edition USING btree (issue_id);
CREATE INDEX newsletter_installation_address_key_75d68d83 ON public.newsletter_installation USING btree (address_key);
CREATE INDEX newsletter_installation_person_id_38746ec5 ON public.newsletter_installation USING btree (person_id);
CREATE INDEX newsletter_issue_slug_73e68df7 ON public.newsletter_issue USING btree (slug);
CREATE INDEX newsletter_issue_slug_73e68df7_like ON public.newsletter_issue USING btree (slug text_pattern_ops);
CREATE INDEX newsletter_recipient_issue_id_147673b3 ON public.newsletter_recipient USING btree (issue_id);
CREATE INDEX newsletter_recipient_person_id_33a7a78f ON public.newsletter_recipient USING btree (person_id);
CREATE INDEX newsletter_sign_up_address_key_b4b42262 ON public.newsletter_sign_up USING btree (address_key);
CREATE INDEX newsletter_sign_up_person_id_f10baba7 ON public.newsletter_sign_up USING btree (person_id);
CREATE UNIQUE INDEX one_update_of_a_version ON public.policy_update USING btree (version) WHERE (NOT (state = 'withdrawn'::text));
CREATE INDEX passkey_user_id_68dfb422 ON public.passkey USING btree (user_id);
CREATE INDEX policy_adoption_draft_id_9072ead7 ON public.policy_adoption USING btree (draft_id);
CREATE INDEX policy_draft_former_id_9acd37c0 ON public.policy_draft USING btree (former_id);
CREATE INDEX policy_draft_saved_utc_6a8fdbc5 ON public.policy_draft USING btree (saved_utc);
CREATE INDEX policy_translation_of ON public.policy_translation USING btree (version, language);
CREATE INDEX policy_update_reader_person_id_f1dbd918 ON public.policy_update_reader USING btree (person_id);
CREATE INDEX preference_pause_person_id_840539e5 ON public.preference_pause USING btree (person_id);
CREATE INDEX preference_pause_until_utc_a4613a8f ON public.preference_pause USING btree (until_utc);
CREATE INDEX prepared_by_owner ON public.prepared_file USING btree (owner, form);
CREATE INDEX prepared_file_person_id_ded70cfb ON public.prepared_file USING btree (person_id);
CREATE INDEX private_link_by_request ON public.private_link USING btree (request, power);
CREATE INDEX private_link_person_id_cec29072 ON public.private_link USING btree (person_id);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE INDEX progress_step_3ba54715_like ON public.progress USING btree (step text_pattern_ops);
CREATE INDEX proof_person_id_dfc58e1c ON public.proof USING btree (person_id);
CREATE INDEX proof_user_id_ca99d66a ON public.proof USING btree (user_id);
CREATE INDEX quote_request_by_address ON public.quote_request USING btree (address_key);
CREATE INDEX quote_request_by_company ON public.quote_request USING btree (company_key);
CREATE INDEX quote_request_repeats_id_da671811 ON public.quote_request USING btree (repeats_id);
CREATE INDEX rate_count_window_utc_f165ec02 ON public.rate_count USING btree (window_utc);
CREATE INDEX recovery_code_user_id_9e0c9f02 ON public.recovery_code USING btree (user_id);
CREATE INDEX request_case_number_272b5ccf_like ON public.request_case USING btree (number text_pattern_ops);
CREATE INDEX request_case_organization_id_2e7d1cc1 ON public.request_case USING btree (organization_id);
CREATE INDEX request_case_person_id_f3e2e977 ON public.request_case USING btree (person_id);
CREATE INDEX request_case_received_utc_856477a9 ON public.request_case USING btree (received_utc);
CREATE INDEX saved_view_user_id_4f5e994e ON public.saved_view USING btree (user_id);
CREATE INDEX session_expire_date_ca3a9164 ON public.session USING btree (expire_date);
CREATE INDEX session_session_key_8d2ff8ce_like ON public.session USING btree (session_key varchar_pattern_ops);
CREATE INDEX session_user_id_65cb3187 ON public.session USING btree (user_id);
CREATE INDEX shared_fact_organization_id_17fd74f4 ON public.shared_fact USING btree (organization_id);
CREATE INDEX soft_bounce_by_address ON public.soft_bounce USING btree (mark, at_utc);
CREATE INDEX staff_seat_session_key_f8681caf_like ON public.staff_seat USING btree (session_key text_pattern_ops);
CREATE INDEX staff_seat_user_id_ab3c3c46 ON public.staff_seat USING btree (user_id);
CREATE INDEX standing_by_class ON public.standing USING btree (class_id, settled_until) INCLUDE (ordinal, person_id);
CREATE INDEX standing_due ON public.standing USING btree (settled_until);
CREATE INDEX stored_file_by_datum ON public.stored_file USING btree (person_id, datum) WHERE (datum IS NOT NULL);
CREATE INDEX stored_file_by_mail ON public.stored_file USING btree (mail) WHERE (mail IS NOT NULL);
CREATE INDEX stored_file_by_prepared ON public.stored_file USING btree (prepared) WHERE (prepared IS NOT NULL);
CREATE INDEX user_username_cf016618_like ON public."user" USING btree (username varchar_pattern_ops);
CREATE INDEX word_mark_by_word ON public.word_mark USING gin (marks);
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY public.account_person
    ADD CONSTRAINT account_person_person_id_75c86ea8_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_person
    ADD CONSTRAINT account_person_user_id_6726ac18_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.agent_request
    ADD CONSTRAINT agent_request_case_id_8a7876e2_fk_request_case_id FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.authenticator
    ADD CONSTRAINT authenticator_user_id_e24035f8_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bulk_run
    ADD CONSTRAINT bulk_run_user_id_e45f6246_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.case_approval
    ADD CONSTRAINT case_approval_case_id_c1f3efc7_fk_request_case_id FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.case_event
    ADD CONSTRAINT case_event_case_id_a2eaf377_fk_request_case_id FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.case_message
    ADD CONSTRAINT case_message_case_id_b505f5d5_fk_request_case_id FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.case_message
    ADD CONSTRAINT case_message_first_id_71439c4e_fk_request_case_id FOREIGN KEY (first_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.choice
    ADD CONSTRAINT choice_person_id_d188cfb6_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.datum_mark
    ADD CONSTRAINT datum_mark_person_id_2c4530d6_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.datum
    ADD CONSTRAINT datum_person_id_d62568c6_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_setting
    ADD CONSTRAINT desk_setting_user_id_348f681f_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_user_id_2c2d5731_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_person_id_490f7907_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.event_time
    ADD CONSTRAINT event_time_person_id_4e6b05e3_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.finished_letter
    ADD CONSTRAINT finished_letter_letter_id_bb305356_fk_letter_id FOREIGN KEY (letter_id) REFERENCES public.letter(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.held_erasure
    ADD CONSTRAINT held_erasure_person_id_21a003d7_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inquiry
    ADD CONSTRAINT inquiry_case FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_organization_id_1e094f14_fk_organization_id FOREIGN KEY (organization_id) REFERENCES public.organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_person_id_bf849508_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.join_request
    ADD CONSTRAINT join_request_organization_id_9bd2cabb_fk_organization_id FOREIGN KEY (organization_id) REFERENCES public.organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.join_request
    ADD CONSTRAINT join_request_person_id_ea055f8e_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.joining_offer
    ADD CONSTRAINT joining_offer_person_id_eb48fb68_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.kept_mail
    ADD CONSTRAINT kept_mail_person_id_72b7d32f_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.legal_hold
    ADD CONSTRAINT legal_hold_person_id_f0ed411d_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_organization_id_0e9a36cf_fk_organization_id FOREIGN KEY (organization_id) REFERENCES public.organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_person_id_8ed25d16_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.message_copy
    ADD CONSTRAINT message_copy_message_id_9249c67f_fk_case_message_id FOREIGN KEY (message_id) REFERENCES public.case_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.newsletter_edition
    ADD CONSTRAINT newsletter_edition_issue_id_baa78f11_fk_newsletter_issue_id FOREIGN KEY (issue_id) REFERENCES public.newsletter_issue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.newsletter_installation
    ADD CONSTRAINT newsletter_installation_person_id_38746ec5_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.newsletter_recipient
    ADD CONSTRAINT newsletter_recipient_issue_id_147673b3_fk_newsletter_issue_id FOREIGN KEY (issue_id) REFERENCES public.newsletter_issue(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.newsletter_recipient
    ADD CONSTRAINT newsletter_recipient_person_id_33a7a78f_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.newsletter_sign_up
    ADD CONSTRAINT newsletter_sign_up_person_id_f10baba7_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_user_id_68dfb422_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.person_key
    ADD CONSTRAINT person_key_person_id_7847cda5_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.policy_adoption
    ADD CONSTRAINT policy_adoption_draft_id_9072ead7_fk_policy_draft_id FOREIGN KEY (draft_id) REFERENCES public.policy_draft(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.policy_draft
    ADD CONSTRAINT policy_draft_former_id_9acd37c0_fk_policy_draft_id FOREIGN KEY (former_id) REFERENCES public.policy_draft(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.preference_pause
    ADD CONSTRAINT preference_pause_person_id_840539e5_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.prepared_file
    ADD CONSTRAINT prepared_file_person_id_ded70cfb_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.private_link
    ADD CONSTRAINT private_link_person_id_cec29072_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
ALTER TABLE ONLY public.proof
    ADD CONSTRAINT proof_person_id_dfc58e1c_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.proof
    ADD CONSTRAINT proof_user_id_ca99d66a_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.quote_request
    ADD CONSTRAINT quote_request_case FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.quote_request
    ADD CONSTRAINT quote_request_repeats_id_da671811_fk_quote_request_id FOREIGN KEY (repeats_id) REFERENCES public.quote_request(case_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_user_id_9e0c9f02_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.reply_draft
    ADD CONSTRAINT reply_draft_case_id_e74e2478_fk_request_case_id FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.request_case
    ADD CONSTRAINT request_case_organization_id_2e7d1cc1_fk_organization_id FOREIGN KEY (organization_id) REFERENCES public.organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.request_case
    ADD CONSTRAINT request_case_person_id_f3e2e977_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.saved_view
    ADD CONSTRAINT saved_view_user_id_4f5e994e_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_user_id_65cb3187_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.shared_fact
    ADD CONSTRAINT shared_fact_organization_id_17fd74f4_fk_organization_id FOREIGN KEY (organization_id) REFERENCES public.organization(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.shared_fact
    ADD CONSTRAINT shared_fact_person_id_74056f6a_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_seat
    ADD CONSTRAINT staff_seat_user_id_ab3c3c46_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.staff_secret
    ADD CONSTRAINT staff_secret_user_id_507a1c3e_fk_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.standing
    ADD CONSTRAINT standing_person_id_136caa7c_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT stored_file_of_mail FOREIGN KEY (mail) REFERENCES public.kept_mail(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT stored_file_of_prepared FOREIGN KEY (prepared) REFERENCES public.prepared_file(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.support_case
    ADD CONSTRAINT support_case_case_id_490b5abb_fk_request_case_id FOREIGN KEY (case_id) REFERENCES public.request_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_person_id_069e3f66_fk_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.word_mark
    ADD CONSTRAINT word_mark_message_id_47591630_fk_case_message_id FOREIGN KEY (message_id) REFERENCES public.case_message(id) DEFERRABLE INITIALLY DEFERRED;
CREATE POLICY all_read ON public."user" FOR SELECT USING (true);
CREATE POLICY customers_are_made ON public."user" FOR INSERT WITH CHECK (((role)::text = ''::text));
CREATE POLICY customers_change ON public."user" FOR UPDATE USING (((role)::text = ''::text)) WITH CHECK (((role)::text = ''::text));
CREATE POLICY customers_go ON public."user" FOR DELETE USING (((role)::text = ''::text));
ALTER TABLE public."user" ENABLE ROW LEVEL SECURITY;
