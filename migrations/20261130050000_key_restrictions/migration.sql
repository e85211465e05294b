-- What an ADMIN has restricted about API keys, which their owners must not undo. It is in the service's own schema: the
-- TypeScript application has nothing to do with it. Without a foreign key, so that its migrations can drop what they made;
-- ids of keys are never used again.
--
-- Where there is no schema `service`, as this user may not create one, nothing changes and owners may undo restrictions.
-- This script may be repeated.
DO $restrictions$
BEGIN
    IF to_regnamespace('service') IS NULL OR NOT has_schema_privilege('service', 'CREATE') THEN
        RAISE WARNING 'Restrictions of API keys are off: % may not create tables in the schema service', current_user;
        RETURN;
    END IF;
    CREATE TABLE IF NOT EXISTS service.api_key_restrictions (
        "keyId" text PRIMARY KEY,
        "isActive" boolean,
        "rateLimit" integer
    );
    -- A tenant reads what holds for their own keys, and changes nothing.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ainative_tenant') THEN
        GRANT SELECT ON service.api_key_restrictions TO ainative_tenant;
        DROP POLICY IF EXISTS tenant ON service.api_key_restrictions;
        CREATE POLICY tenant ON service.api_key_restrictions FOR SELECT TO ainative_tenant
            USING (EXISTS (SELECT FROM api_keys WHERE api_keys.id = "keyId"));
        ALTER TABLE service.api_key_restrictions ENABLE ROW LEVEL SECURITY;
    END IF;
END
$restrictions$;
