-- Balances: the sum of each user's credits, kept by the database, so that no balance gets below zero, whoever spends. A
-- client that reads the sum first and writes then spends more than there is, if two do it at once, also under Serializable.
--
-- The balances are in the service's own schema: `migrate diff` and `migrate dev` of either side see no drift. The functions
-- run as their owner, so that every role that may write credits may do so as before. A balance that is below zero already
-- stays so, until credits are given.
--
-- If this user may not create tables in the schema `service`, nothing changes, and only the service itself looks at the
-- balance. This script may be repeated: it makes the balances from the credits.
DO $balances$
BEGIN
    PERFORM set_config('client_min_messages', 'warning', true);
    IF to_regnamespace('service') IS NULL OR NOT has_schema_privilege('service', 'CREATE') THEN
        RAISE WARNING 'Balances are not kept: % may not create tables in the schema service', current_user;
        RETURN;
    END IF;

    -- Nobody may write credits between the sums and the triggers.
    LOCK TABLE credits IN SHARE ROW EXCLUSIVE MODE;
    CREATE TABLE IF NOT EXISTS service.credit_balances (
        "userId" text PRIMARY KEY,
        balance numeric NOT NULL
    );
    DELETE FROM service.credit_balances;
    INSERT INTO service.credit_balances SELECT "userId", sum(amount) FROM credits GROUP BY "userId";

    -- `migrate reset` empties the schema of Prisma, and runs this script again: what the service noted about rows that are
    -- gone goes, too.
    IF NOT EXISTS (SELECT FROM users) THEN
        IF to_regclass('service.idempotency_keys') IS NOT NULL THEN
            DELETE FROM service.idempotency_keys;
        END IF;
        IF to_regclass('service.api_key_restrictions') IS NOT NULL THEN
            DELETE FROM service.api_key_restrictions;
        END IF;
    END IF;

    -- Called once for each statement, with all its rows: their order does not matter, and many rows cost little more.
    CREATE OR REPLACE FUNCTION add_credits() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
    DECLARE
        short text;
    BEGIN
        WITH sums AS (
            -- In one order, so that two statements for several users can't wait for each other.
            SELECT "userId", sum(amount) AS amount FROM added GROUP BY "userId" ORDER BY "userId"
        ), changed AS (
            INSERT INTO service.credit_balances AS b SELECT * FROM sums
            ON CONFLICT ("userId") DO UPDATE SET balance = b.balance + excluded.balance
            RETURNING "userId", balance
        )
        SELECT "userId" INTO short FROM changed JOIN sums USING ("userId") WHERE balance < 0 AND amount < 0 LIMIT 1;
        IF short IS NOT NULL THEN
            RAISE EXCEPTION 'insufficient credits' USING ERRCODE = 'check_violation', CONSTRAINT = 'credits_balance';
        END IF;
        RETURN NULL;
    END
    $function$;

    -- Corrections by hand are not checked: who deletes a grant means it.
    CREATE OR REPLACE FUNCTION remove_credits() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
    BEGIN
        UPDATE service.credit_balances AS b SET balance = b.balance - sums.amount
        FROM (SELECT "userId", sum(amount) AS amount FROM removed GROUP BY "userId" ORDER BY "userId") AS sums
        WHERE b."userId" = sums."userId";
        RETURN NULL;
    END
    $function$;

    CREATE OR REPLACE FUNCTION change_credits() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
    BEGIN
        INSERT INTO service.credit_balances AS b
        SELECT "userId", sum(amount) FROM (
            SELECT "userId", amount FROM added UNION ALL SELECT "userId", -amount FROM removed
        ) AS rows GROUP BY "userId" ORDER BY "userId"
        ON CONFLICT ("userId") DO UPDATE SET balance = b.balance + excluded.balance;
        RETURN NULL;
    END
    $function$;

    CREATE OR REPLACE FUNCTION forget_balances() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM service.credit_balances;
        ELSE
            DELETE FROM service.credit_balances WHERE "userId" IN (SELECT id FROM removed);
        END IF;
        RETURN NULL;
    END
    $function$;

    DROP TRIGGER IF EXISTS balance_insert ON credits;
    CREATE TRIGGER balance_insert AFTER INSERT ON credits REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION add_credits();
    DROP TRIGGER IF EXISTS balance_delete ON credits;
    CREATE TRIGGER balance_delete AFTER DELETE ON credits REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION remove_credits();
    DROP TRIGGER IF EXISTS balance_update ON credits;
    CREATE TRIGGER balance_update AFTER UPDATE ON credits REFERENCING OLD TABLE AS removed NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION change_credits();
    DROP TRIGGER IF EXISTS balance_truncate ON credits;
    CREATE TRIGGER balance_truncate AFTER TRUNCATE ON credits
        FOR EACH STATEMENT EXECUTE FUNCTION forget_balances();
    DROP TRIGGER IF EXISTS balance_of_user ON users;
    CREATE TRIGGER balance_of_user AFTER DELETE ON users REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION forget_balances();
END
$balances$;
