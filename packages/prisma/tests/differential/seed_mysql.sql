START TRANSACTION;
DELETE FROM `samples`; DELETE FROM `posts`; DELETE FROM `entries`; DELETE FROM `accounts`; DELETE FROM `profiles`;
DELETE FROM `_follows`; DELETE FROM `_PostToTag`; DELETE FROM `users`; DELETE FROM `tags`; DELETE FROM `categories`;
INSERT INTO `users` (`id`, `email`, `name`, `role`, `created_at`, `updated_at`) VALUES
  (1, 'ada@example.com', 'Ada', 'admin', '2024-01-01 10:00:00.123', '2024-01-02'),
  (2, 'bob@example.com', NULL, 'user', '2024-01-03', '2024-01-04'),
  (3, 'cleo@example.com', 'Cleo', 'GUEST', '2024-01-05', '2024-01-06'),
  (4, 'dora@example.com', 'Ada', 'user', '2024-01-03', '2024-01-04');
INSERT INTO `_follows` VALUES (1, 2), (1, 3), (2, 1), (3, 3);
INSERT INTO `profiles` VALUES
  ('11111111-1111-4111-8111-111111111111', 'first', 1), ('22222222-2222-4222-8222-222222222222', NULL, 3);
INSERT INTO `accounts` (`provider`, `number`, `label`, `rank`, `user_id`) VALUES
  ('web', 1, 'a', 3, 1), ('web', 2, 'b', 1, 1), ('web', 3, NULL, 1, 2), ('app', 1, 'a', 0, 3);
INSERT INTO `entries` (`id`, `amount`, `provider`, `account_number`) VALUES
  (1, 1.5, 'web', 1), (2, -2.25, 'web', 1), (3, 10, 'web', 2), (4, 0, 'app', 1), (5, 99999999.9999, NULL, NULL),
  (6, 1.5, 'web', NULL);
INSERT INTO `categories` (`id`, `name`, `parent_id`, `next_id`) VALUES
  (1, 'root', NULL, NULL), (2, 'a', 1, 1), (3, 'b', 1, 2), (4, 'c', 2, NULL), (5, 'a', 3, 4);
INSERT INTO `posts` (`id`, `title`, `views`, `score`, `price`, `published`, `author_id`, `reviewer_id`, `category_id`)
VALUES
  (1, 'a', 5, 1.5, 1234567.25, true, 1, 2, 1),
  (2, 'b', 3, NULL, NULL, false, 1, NULL, 2),
  (3, 'c', 5, -2.25, 0.10, true, 1, 3, 2),
  (4, 'd', 9, 1e300, 2, false, 2, 1, NULL),
  (5, 'A', 1, 1.5, 3, true, 2, NULL, 4),
  (6, 'f_%', 0, 0, 4, false, NULL, NULL, 5),
  (7, 'ünïcode', -1, 0.5, 4, true, 3, 3, NULL);
-- Unlike elsewhere, red and Red would be the same.
INSERT INTO `tags` (`id`, `name`) VALUES (1, 'red'), (2, 'green'), (3, 'blue'), (4, 'Reddish');
INSERT INTO `_PostToTag` VALUES (1, 1), (1, 2), (2, 1), (4, 3), (7, 1), (7, 4);
INSERT INTO `samples` (`id`, `text`, `owner_id`) VALUES (1, 'nothing', 2);
INSERT INTO `samples` (`id`, `text`, `code`, `short`, `flag`, `small`, `big`, `ratio`, `single`, `amount`, `at`,
  `zoned`, `day`, `clock`, `data`, `plain`, `blob`, `role`, `owner_id`) VALUES
  (2, 'all', '0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11', 'short', true, -3, 9007199254740993, 0.1, 0.25, 12345.0123456789,
   '2024-01-02 03:04:05.678', '2024-01-02 01:04:05.678', '2024-01-02', '10:11:12.345',
   '{"a": [1, 2.5, null], "b": "text"}', '{"b": "TEXT"}', x'0001ff', 'admin', 4),
  (3, 'edges', NULL, '', false, 32767, -9223372036854775808, -1.5, 0, 0, '1000-01-01', '2024-01-02', '9999-12-31',
   '00:00:00', 'null', '"text"', x'', 'user', 1),
  (4, 'more', '0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11', 'short', true, 0, 1, 2, 0.5, 1, '2024-01-02 03:04:05.678', NULL,
   NULL, NULL, '[1, "text", {"a": 2}]', '3', x'00', 'GUEST', 3);
COMMIT;
