INSERT INTO "Setting" ("key") VALUES ('a');
