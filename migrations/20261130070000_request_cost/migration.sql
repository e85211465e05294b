-- Indexes for the pages of lists, in their order, and for the deletion of expired rows.
--
-- They are partial. Prisma's contract has no partial indexes: `migrate diff` and `migrate dev` of either side leave them
-- alone. Their conditions hold for every row, and follow from each query's own condition on the same column, so
-- PostgreSQL can use them. This script may be repeated.
CREATE INDEX IF NOT EXISTS usage_metrics_page ON usage_metrics ("userId", date, id) WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS credits_page ON credits ("userId", "createdAt", id) WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS projects_page ON projects ("userId", "createdAt", id) WHERE "userId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS invoices_page ON invoices ("billingInfoId", "createdAt", id) WHERE "billingInfoId" IS NOT NULL;
CREATE INDEX IF NOT EXISTS users_page ON users ("createdAt", id) WHERE "createdAt" IS NOT NULL;
CREATE INDEX IF NOT EXISTS rate_limits_expired ON rate_limits ("resetAt") WHERE "resetAt" IS NOT NULL;

-- A few rows, each changed by every request: room beside them lets PostgreSQL change them within their page, without new
-- entries in the indexes, and dead versions are cleared away by their number instead of their share.
ALTER TABLE rate_limits SET (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
