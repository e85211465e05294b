INSERT INTO "Person" ("managerId") VALUES (NULL), (1);
INSERT INTO "_follows" VALUES (1, 2);
