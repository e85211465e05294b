INSERT INTO "Person" ("kind", "name") VALUES ('FOE', 'Ada');
