TRUNCATE "users", "profiles", "accounts", "posts", "tags", "_PostToTag", "samples", "tokens" RESTART IDENTITY CASCADE;
INSERT INTO "users" ("email", "name", "role", "roles", "created_at", "updated_at") VALUES
  ('ada@example.com', 'Ada', 'admin', '{admin,user}', '2024-01-01 10:00:00.123', '2024-01-02'),
  ('bob@example.com', NULL, 'user', NULL, '2024-01-03', '2024-01-04'),
  ('cleo@example.com', 'Cleo', 'user', '{}', '2024-01-05', '2024-01-06');
INSERT INTO "profiles" VALUES ('11111111-1111-4111-8111-111111111111', 'first', 1);
INSERT INTO "accounts" VALUES ('web', 1, 1), ('web', 2, 1), ('web', 3, 2), ('app', 1, 3);
INSERT INTO "posts" ("title", "views", "score", "price", "published", "labels", "author_id") VALUES
  ('a', 5, 1.5, 12345678901234567890.123456789012345678901234567890, true, '{x,y}', 1),
  ('b', 3, NULL, NULL, false, '{}', 1),
  ('c', 5, 'NaN', 0.10, true, NULL, 1),
  ('d', 9, 'Infinity', 2, false, '{"q,r","s\"t"}', 2),
  ('e', 1, 1e300, 3, true, '{w}', 2),
  ('f', 0, -0.0, 4, false, '{z}', NULL);
INSERT INTO "tags" ("name") VALUES ('red'), ('green'), ('blue');
INSERT INTO "_PostToTag" VALUES (1, 1), (1, 2), (2, 1), (4, 3);
INSERT INTO "samples" ("text", "owner_id") VALUES ('nothing', 2);
INSERT INTO "samples" VALUES
  (DEFAULT, 'all', '0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11', '10.0.0.0/8', '10110', true, -3, 9007199254740993, 0.1,
   12345678901234567890.0123456789, '2024-01-02 03:04:05.678', '2024-01-02 03:04:05.678901+02', '2024-01-02',
   '10:11:12.345678', '{"a": [1, 2.5, null, 1e3], "b": "text"}', '\x0001ff', 'admin', '{a,"b c"}', '{1,2}',
   '{1,9007199254740993}', '{0.5,2}', '{0.1,3}', '{"2024-01-02 03:04:05.678"}', '{"{\"k\": 1.5}","2"}', '{"\\x00ff"}',
   '{admin,user}', 1),
  (DEFAULT, 'edges', NULL, '::1', '', false, 32767, -9223372036854775808, 'NaN', 0, NULL, NULL, '0001-01-01',
   '00:00:00', 'null', '', 'user', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', 1);
INSERT INTO "tokens" VALUES ('c1', 'c2', 'u4', 'u7', 'ul', 'n', 'n8', '2024-01-01', NULL, NULL);
