INSERT INTO "Defaults" ("cuid", "uuid", "nanoid", "changed") VALUES ('a', 'b', 'c', now());
