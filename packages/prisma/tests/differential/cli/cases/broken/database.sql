CREATE TABLE "User" (id int PRIMARY KEY, email text NOT NULL UNIQUE);
