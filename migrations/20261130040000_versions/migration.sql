-- Versions: "updatedAt" grows with every change of a row, whoever makes it. Clients take it from their clocks before they
-- wait for the row's lock, to the millisecond, so two changes could share a version, and the later one have the older.
-- A trigger sees the row as it is under its lock.
--
-- Prisma's contract has no triggers: `migrate diff` and `migrate dev` of either side see no drift. This script may be repeated.
CREATE OR REPLACE FUNCTION next_version() RETURNS trigger LANGUAGE plpgsql AS $version$
BEGIN
    IF NEW."updatedAt" <= OLD."updatedAt" THEN
        NEW."updatedAt" := OLD."updatedAt" + interval '1 millisecond';
    END IF;
    RETURN NEW;
END
$version$;

DROP TRIGGER IF EXISTS next_version ON users;
CREATE TRIGGER next_version BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION next_version();
DROP TRIGGER IF EXISTS next_version ON projects;
CREATE TRIGGER next_version BEFORE UPDATE ON projects FOR EACH ROW EXECUTE FUNCTION next_version();
DROP TRIGGER IF EXISTS next_version ON subscriptions;
CREATE TRIGGER next_version BEFORE UPDATE ON subscriptions FOR EACH ROW EXECUTE FUNCTION next_version();
DROP TRIGGER IF EXISTS next_version ON billing_info;
CREATE TRIGGER next_version BEFORE UPDATE ON billing_info FOR EACH ROW EXECUTE FUNCTION next_version();
