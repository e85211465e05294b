INSERT INTO "Shape" ("at", "net") VALUES ('(1,2)', '10.0.0.0/8');
