-- Answers by Idempotency-Key, which the Python service writes in the transactions that do the work. They stand in a schema
-- of their own, which `schema.prisma` does not describe: the TypeScript application has nothing to do with them.
--
-- Where this user may not create schemas, nothing changes and the service says at its start that it takes no
-- Idempotency-Key. Have somebody who may run this script, which may be repeated, and then
-- `GRANT USAGE ON SCHEMA service TO <this user>; GRANT ALL ON service.idempotency_keys TO <this user>;`.
DO $idempotency$
BEGIN
    BEGIN
        CREATE SCHEMA IF NOT EXISTS service;
        CREATE TABLE IF NOT EXISTS service.idempotency_keys (
            caller text NOT NULL,
            subject text NOT NULL,
            key text NOT NULL,
            fingerprint text NOT NULL,
            status integer NOT NULL,
            headers jsonb NOT NULL,
            body text NOT NULL,
            "expiresAt" timestamp(3) NOT NULL,
            PRIMARY KEY (caller, subject, key)
        );
        CREATE INDEX IF NOT EXISTS "idempotency_keys_expiresAt_idx" ON service.idempotency_keys ("expiresAt");
    EXCEPTION
        WHEN insufficient_privilege THEN
            RAISE WARNING 'Idempotency-Key is off: % may not create the schema service', current_user;
            RETURN;
        WHEN duplicate_object OR unique_violation THEN
            -- Made at this moment, by the migration of another schema of this database.
            NULL;
    END;

    -- A tenant finds and writes only what was done to their own rows.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ainative_tenant') THEN
        BEGIN
            GRANT USAGE ON SCHEMA service TO ainative_tenant;
            GRANT SELECT, INSERT, UPDATE ON service.idempotency_keys TO ainative_tenant;
            DROP POLICY IF EXISTS tenant ON service.idempotency_keys;
            CREATE POLICY tenant ON service.idempotency_keys TO ainative_tenant
                USING (subject = (SELECT NULLIF(current_setting('app.user_id', true), '')))
                WITH CHECK (subject = (SELECT NULLIF(current_setting('app.user_id', true), '')));
            ALTER TABLE service.idempotency_keys ENABLE ROW LEVEL SECURITY;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE WARNING 'Idempotency-Key is off: % does not own service.idempotency_keys', current_user;
        END;
    END IF;
END
$idempotency$;
