INSERT INTO "user" ("order", "select") VALUES (1, 'a');
INSERT INTO "column" VALUES (1, 'key');
