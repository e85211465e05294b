INSERT INTO "Place" VALUES (1, 'a', 'b', '{}', '{}', '::1', now(), 1), (2, 'a', 'c', '{}', '{}', '::1', now(), 1);
