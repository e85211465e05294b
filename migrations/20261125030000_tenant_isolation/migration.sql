-- Tenant isolation: row-level security for the role `ainative_tenant`, which the Python service takes on for each
-- transaction (SET LOCAL ROLE) together with the user whose rows it may see (the setting app.user_id).
--
-- The owner of the tables is not restricted (no FORCE): whoever used them before goes on as before, and so does every
-- role that was granted access to a table.
--
-- Where this user may not create roles, nothing changes and the service says at its start that isolation is off. Have
-- somebody who may run `CREATE ROLE ainative_tenant NOLOGIN; GRANT ainative_tenant TO <this user>;`, then run this
-- script once more: it may be repeated.
DO $isolation$
DECLARE
    name text;
    others text;
    can_set text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
    -- Evaluated once for each statement. After its transaction a setting of one's own is empty instead of absent.
    tenant constant text := '(SELECT NULLIF(current_setting(''app.user_id'', true), ''''))';
    own text;
BEGIN
    -- Without a word on each policy that is not there yet.
    PERFORM set_config('client_min_messages', 'warning', true);

    -- Roles belong to the whole server: another database may have made this one, perhaps at this moment.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ainative_tenant') THEN
        BEGIN
            CREATE ROLE ainative_tenant NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE WARNING 'Tenant isolation is off: % may not create the role ainative_tenant', current_user;
                RETURN;
        END;
    END IF;

    IF NOT pg_has_role(current_user, 'ainative_tenant', can_set) THEN
        BEGIN
            EXECUTE format('GRANT ainative_tenant TO %I', current_user);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE WARNING 'Tenant isolation is off: % may not become ainative_tenant', current_user;
        END;
    END IF;

    BEGIN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO ainative_tenant', current_schema());
    EXCEPTION
        WHEN insufficient_privilege THEN
            -- Everybody may use the schema `public` unless somebody changed that.
            NULL;
    END;

    FOREACH name IN ARRAY ARRAY['users', 'accounts', 'sessions', 'api_keys', 'usage_metrics', 'subscriptions',
                                'billing_info', 'invoices', 'credits', 'projects']
    LOOP
        own := CASE name
            WHEN 'users' THEN format('id = %s', tenant)
            WHEN 'invoices' THEN
                format('"billingInfoId" IN (SELECT id FROM billing_info WHERE "userId" = %s)', tenant)
            ELSE format('"userId" = %s', tenant)
        END;
        EXECUTE format('DROP POLICY IF EXISTS tenant ON %I', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO ainative_tenant USING (%s) WITH CHECK (%s)', name, own, own);

        SELECT string_agg(DISTINCT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, ', ')
        INTO others
        FROM pg_class, aclexplode(relacl)
        WHERE pg_class.oid = name::regclass AND grantee <> relowner
            AND pg_get_userbyid(grantee) <> 'ainative_tenant';
        EXECUTE format('DROP POLICY IF EXISTS as_granted ON %I', name);
        IF others IS NOT NULL THEN
            EXECUTE format(
                'CREATE POLICY as_granted ON %I TO %s USING (current_user <> ''ainative_tenant'') '
                'WITH CHECK (current_user <> ''ainative_tenant'')', name, others);
        END IF;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    END LOOP;

    -- What no tenant does through the service it may not do here either: sign-ins and sessions come from the web
    -- application, usage and credits are only ever added to, and nobody gives themselves a role.
    GRANT SELECT, DELETE ON users, accounts, sessions TO ainative_tenant;
    GRANT UPDATE (email, "emailVerified", name, avatar, "updatedAt") ON users TO ainative_tenant;
    GRANT SELECT, INSERT ON usage_metrics, credits TO ainative_tenant;
    GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys, subscriptions, billing_info, invoices, projects TO ainative_tenant;
END
$isolation$;
