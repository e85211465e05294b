INSERT INTO "User" ("email", "name", "role") VALUES ('ada@example.com', 'Ada', 'EDITOR'), ('bob@example.com', 'Bob', 'USER');
INSERT INTO "Profile" ("bio", "userId") VALUES ('Counts.', 1);
INSERT INTO "Post" ("title", "updatedAt", "authorId") VALUES ('A title that is longer than twenty letters', now(), 1), ('Short', now(), NULL);
INSERT INTO "Tag" ("name") VALUES ('one');
