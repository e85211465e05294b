CREATE VIEW "Latest" AS SELECT 1 AS id, key FROM "Setting";
