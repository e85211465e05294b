-- What a request reads stays the same as the data grow.
--
-- The indexes are partial, as in the migration request_cost: Prisma's contract has no partial indexes, so `migrate diff` and
-- `migrate dev` of either side leave them alone. This script may be repeated.

-- The pages of every list in its order, also of the lists that a filter makes.
CREATE INDEX IF NOT EXISTS accounts_page ON accounts ("userId", id) WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS sessions_page ON sessions ("userId", expires, id) WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS api_keys_page ON api_keys ("userId", "createdAt", id) WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS subscriptions_page ON subscriptions ("userId", "createdAt", id) WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS projects_active_page ON projects ("userId", "isActive", "createdAt", id)
    WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS usage_metrics_endpoint_page ON usage_metrics ("userId", endpoint, date, id)
    WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS rate_limits_page ON rate_limits ("createdAt", id) WHERE "createdAt" IS NOT NULL;
CREATE INDEX IF NOT EXISTS rate_limits_endpoint_page ON rate_limits (endpoint, "createdAt", id)
    WHERE "createdAt" IS NOT NULL;

-- Reports of all users since some day: records come in the order of time, so a few bytes for each megabyte find theirs. The
-- number of days tells PostgreSQL that the sums of a report fit into memory; Prisma's contract has no statistics, either.
CREATE INDEX IF NOT EXISTS usage_metrics_time ON usage_metrics USING brin (date) WHERE date IS NOT NULL;
CREATE STATISTICS IF NOT EXISTS usage_metrics_days ON (date_trunc('day', date)) FROM usage_metrics;
ANALYZE usage_metrics;

-- Rows that the service deletes some time after they have expired.
CREATE INDEX IF NOT EXISTS sessions_expired ON sessions (expires) WHERE expires IS NOT NULL;
CREATE INDEX IF NOT EXISTS verification_tokens_expired ON verification_tokens (expires) WHERE expires IS NOT NULL;

-- The pages of each value of an enumeration. Under row-level security, PostgreSQL looks in an index only by comparisons that
-- it trusts not to reveal values (LEAKPROOF), and the comparison of enumerations is none. An index of one value needs none.
-- Of a value that is added to an enumeration later, the pages are right, but read all rows of the user: make its index, too.
DO $pages$
DECLARE
    kind text;
BEGIN
    PERFORM set_config('client_min_messages', 'warning', true);
    FOREACH kind IN ARRAY enum_range(NULL::"CreditType")::text[] LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON credits ("userId", "createdAt", id) WHERE type = %L',
            'credits_page_' || lower(kind), kind);
    END LOOP;
    FOREACH kind IN ARRAY enum_range(NULL::"InvoiceStatus")::text[] LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON invoices ("billingInfoId", "createdAt", id) WHERE status = %L',
            'invoices_page_' || lower(kind), kind);
    END LOOP;
    FOREACH kind IN ARRAY enum_range(NULL::"Role")::text[] LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON users ("createdAt", id) WHERE role = %L',
            'users_page_' || lower(kind), kind);
    END LOOP;
END
$pages$;

-- A tenant reads their own balance instead of the sum of their credits. Every other role sees what it was granted.
DO $balances$
BEGIN
    PERFORM set_config('client_min_messages', 'warning', true);
    IF to_regclass('service.credit_balances') IS NULL
        OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ainative_tenant')
    THEN
        RETURN;
    END IF;
    GRANT SELECT ON service.credit_balances TO ainative_tenant;
    DROP POLICY IF EXISTS tenant ON service.credit_balances;
    CREATE POLICY tenant ON service.credit_balances FOR SELECT TO ainative_tenant
        USING ("userId" = (SELECT NULLIF(current_setting('app.user_id', true), '')));
    DROP POLICY IF EXISTS as_granted ON service.credit_balances;
    CREATE POLICY as_granted ON service.credit_balances USING (current_user <> 'ainative_tenant');
    ALTER TABLE service.credit_balances ENABLE ROW LEVEL SECURITY;
END
$balances$;
