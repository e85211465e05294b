-- The restrictions of an API key go with the key. A trigger, because the migrations of the TypeScript application could not
-- drop a table that a foreign key refers to, and because Prisma's contract has no triggers: nobody sees a drift.
--
-- Where this user may not write restrictions, nothing changes. This script may be repeated.
DO $restrictions$
BEGIN
    PERFORM set_config('client_min_messages', 'warning', true);
    IF to_regnamespace('service') IS NULL OR NOT has_schema_privilege('service', 'USAGE') THEN
        RETURN;
    END IF;
    IF to_regclass('service.api_key_restrictions') IS NULL
        OR NOT has_table_privilege('service.api_key_restrictions', 'SELECT')
        OR NOT has_table_privilege('service.api_key_restrictions', 'DELETE')
    THEN
        RETURN;
    END IF;

    -- It runs as its owner, so that every role that may delete keys may do so as before.
    CREATE OR REPLACE FUNCTION forget_restrictions() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM service.api_key_restrictions;
        ELSE
            DELETE FROM service.api_key_restrictions WHERE "keyId" IN (SELECT id FROM removed);
        END IF;
        RETURN NULL;
    END
    $function$;

    DROP TRIGGER IF EXISTS restrictions_delete ON api_keys;
    CREATE TRIGGER restrictions_delete AFTER DELETE ON api_keys REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION forget_restrictions();
    DROP TRIGGER IF EXISTS restrictions_truncate ON api_keys;
    CREATE TRIGGER restrictions_truncate AFTER TRUNCATE ON api_keys
        FOR EACH STATEMENT EXECUTE FUNCTION forget_restrictions();

    -- Those of keys that were deleted before.
    DELETE FROM service.api_key_restrictions AS r WHERE NOT EXISTS (SELECT FROM api_keys WHERE id = r."keyId");
END
$restrictions$;
