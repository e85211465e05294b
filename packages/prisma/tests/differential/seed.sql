DELETE FROM "samples"; DELETE FROM "posts"; DELETE FROM "entries"; DELETE FROM "accounts"; DELETE FROM "users";
DELETE FROM "categories"; DELETE FROM "tags";
SELECT setval(sequence::regclass, 1, false) FROM unnest(ARRAY[
  'users_id_seq', 'entries_id_seq', 'posts_id_seq', 'tags_id_seq', 'samples_id_seq'
]) AS sequence;
INSERT INTO "users" ("email", "name", "role", "roles", "created_at", "updated_at") VALUES
  ('ada@example.com', 'Ada', 'admin', '{admin,user}', '2024-01-01 10:00:00.123', '2024-01-02'),
  ('bob@example.com', NULL, 'user', NULL, '2024-01-03', '2024-01-04'),
  ('cleo@example.com', 'Cleo', 'GUEST', '{}', '2024-01-05', '2024-01-06'),
  ('dora@example.com', 'Ada', 'user', '{user,GUEST}', '2024-01-03', '2024-01-04');
INSERT INTO "_follows" VALUES (1, 2), (1, 3), (2, 1), (3, 3);
INSERT INTO "profiles" VALUES
  ('11111111-1111-4111-8111-111111111111', 'first', 1), ('22222222-2222-4222-8222-222222222222', NULL, 3);
INSERT INTO "accounts" VALUES ('web', 1, 'a', 3, 1), ('web', 2, 'b', 1, 1), ('web', 3, NULL, 1, 2), ('app', 1, 'a', 0, 3);
INSERT INTO "entries" ("amount", "provider", "account_number") VALUES
  (1.5, 'web', 1), (-2.25, 'web', 1), (10, 'web', 2), (0, 'app', 1), (99999999.9999, NULL, NULL), (1.5, 'web', NULL);
INSERT INTO "categories" VALUES (1, 'root', NULL, NULL), (2, 'a', 1, 1), (3, 'b', 1, 2), (4, 'c', 2, NULL), (5, 'a', 3, 4);
INSERT INTO "posts" ("title", "views", "score", "price", "published", "labels", "author_id", "reviewer_id", "category_id")
VALUES
  ('a', 5, 1.5, 1234567.25, true, '{x,y}', 1, 2, 1),
  ('b', 3, NULL, NULL, false, '{}', 1, NULL, 2),
  ('c', 5, -2.25, 0.10, true, NULL, 1, 3, 2),
  ('d', 9, 1e300, 2, false, '{"q,r","s\"t"}', 2, 1, NULL),
  ('A', 1, 1.5, 3, true, '{w}', 2, NULL, 4),
  ('f_%', 0, 0, 4, false, '{z,x}', NULL, NULL, 5),
  ('ünïcode', -1, 0.5, 4, true, '{x}', 3, 3, NULL);
INSERT INTO "tags" ("name") VALUES ('red'), ('green'), ('blue'), ('Red');
INSERT INTO "_PostToTag" VALUES (1, 1), (1, 2), (2, 1), (4, 3), (7, 1), (7, 4);
INSERT INTO "samples" ("text", "owner_id") VALUES ('nothing', 2);
INSERT INTO "samples" VALUES
  (DEFAULT, 'all', '0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11', 'short', true, -3, 9007199254740993, 0.1, 0.25,
   12345.0123456789, '2024-01-02 03:04:05.678', '2024-01-02 03:04:05.678+02', '2024-01-02', '10:11:12.345',
   '{"a": [1, 2.5, null], "b": "text"}', '{"b": "TEXT"}', '\x0001ff', 'admin', '{a,"b c"}', '{1,2}',
   '{1,9007199254740993}', '{0.5,2}', '{0.1,3}', '{t,f}', '{"2024-01-02 03:04:05.678"}', '{"{\"a\": 1.5}","2"}',
   '{"\\x00ff"}', '{admin,user}', 4),
  (DEFAULT, 'edges', NULL, '', false, 32767, -9223372036854775808, -1.5, 0, 0, '0001-01-01', '2024-01-02 00:00:00+00',
   '9999-12-31', '00:00:00', 'null', '"text"', '', 'user', '{}', '{}', NULL, '{}', '{}', '{}', '{}', '{}', '{}', '{}', 1),
  (DEFAULT, 'more', '0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11', 'short', true, 0, 1, 2, 0.5, 1, '2024-01-02 03:04:05.678',
   NULL, NULL, NULL, '[1, "text", {"a": 2}]', '3', '\x00', 'GUEST', '{a}', '{2}', NULL, '{2}', '{3}', '{t}', '{}', '{}',
   '{}', '{GUEST}', 3);
