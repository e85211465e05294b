-- Tenant isolation, whole: row-level security for the role `ainative_tenant`, which the Python service takes on for each
-- transaction (SET LOCAL ROLE) together with the user whose rows it may see (the setting app.user_id). It does what the
-- migration tenant_isolation did, and the same for the service's own tables: there, a policy for tenants alone hid every row
-- from database users that do not own the tables.
--
-- The owner of the tables is not restricted (no FORCE): whoever used them before goes on as before, and so does every
-- role that was granted access to a table.
--
-- Where this user may not create roles, nothing changes and the service says at its start that isolation is off. Have
-- somebody who may run `CREATE ROLE ainative_tenant NOLOGIN; GRANT ainative_tenant TO <this user>;`, then run this
-- script once more: it may be repeated. Run it again also after another role was granted access to the tables.
DO $isolation$
DECLARE
    name text;
    others text;
    can_set text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
    -- Evaluated once for each statement. After its transaction a setting of one's own is empty instead of absent.
    tenant constant text := '(SELECT NULLIF(current_setting(''app.user_id'', true), ''''))';
    own text;
    kept record;
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

    -- The service's own tables. Not to_regclass(), which fails where this user may not use the schema.
    FOR kept IN
        SELECT wanted.* FROM (
            VALUES ('idempotency_keys', 'SELECT, INSERT, UPDATE', 'ALL', 'subject = ' || tenant),
                ('api_key_restrictions', 'SELECT', 'SELECT',
                    'EXISTS (SELECT FROM api_keys WHERE api_keys.id = "keyId")'),
                ('credit_balances', 'SELECT', 'SELECT', '"userId" = ' || tenant)
        ) AS wanted (name, rights, command, own)
        JOIN pg_class ON relname = wanted.name
        JOIN pg_namespace ON pg_namespace.oid = relnamespace AND nspname = 'service'
    LOOP
        BEGIN
            GRANT USAGE ON SCHEMA service TO ainative_tenant;
            EXECUTE format('GRANT %s ON service.%I TO ainative_tenant', kept.rights, kept.name);
            EXECUTE format('DROP POLICY IF EXISTS tenant ON service.%I', kept.name);
            EXECUTE format('CREATE POLICY tenant ON service.%I FOR %s TO ainative_tenant USING (%s)',
                kept.name, kept.command, kept.own);
            -- For every other role: what it was granted is enough to tell who may read and write here.
            EXECUTE format('DROP POLICY IF EXISTS as_granted ON service.%I', kept.name);
            EXECUTE format('CREATE POLICY as_granted ON service.%I USING (current_user <> ''ainative_tenant'')',
                kept.name);
            EXECUTE format('ALTER TABLE service.%I ENABLE ROW LEVEL SECURITY', kept.name);
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE WARNING 'Tenants may not use service.%: % does not own it', kept.name, current_user;
        END;
    END LOOP;
END
$isolation$;
