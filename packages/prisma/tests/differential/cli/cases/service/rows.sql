INSERT INTO "users" ("id", "email", "avatar", "role", "updatedAt") VALUES ('a', 'ada@example.com', 'a.png', 'PREMIUM', now());
