INSERT INTO "Country" VALUES ('de');
INSERT INTO "Capital" VALUES ('de', NULL);
INSERT INTO "Anthem" ("code") VALUES (NULL);
