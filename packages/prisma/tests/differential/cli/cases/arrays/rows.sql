INSERT INTO "Lists" ("id", "bigs", "days", "codes") VALUES (1, '{}', '{}', '{a}');
