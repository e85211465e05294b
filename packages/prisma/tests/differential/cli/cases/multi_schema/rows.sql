INSERT INTO "base"."accounts" ("id", "state") VALUES ('00000000-0000-4000-8000-000000000001', 'closed');
