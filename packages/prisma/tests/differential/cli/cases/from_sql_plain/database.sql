CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy as can be', '1st');
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  mood mood DEFAULT 'ok',
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "camelCase" integer[] NOT NULL DEFAULT '{}',
  price numeric(10, 2) NOT NULL DEFAULT 0.00,
  "_hidden" text,
  "1st" text,
  "with space" text,
  CONSTRAINT valid CHECK (price >= 0)
);
CREATE TABLE posts (
  id serial PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  editor_id bigint REFERENCES users (id) ON UPDATE SET NULL,
  title varchar(100) NOT NULL,
  body text,
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(body, ''))) STORED,
  UNIQUE (user_id, title)
);
CREATE INDEX posts_body ON posts (lower(body));
CREATE INDEX posts_recent ON posts (id DESC) WHERE body IS NOT NULL;
CREATE INDEX posts_search ON posts USING gin (search);
CREATE UNIQUE INDEX posts_partial ON posts (title) WHERE editor_id IS NULL;
CREATE TABLE tags (id smallserial PRIMARY KEY, name char(10) NOT NULL);
CREATE TABLE posts_tags (post_id int REFERENCES posts (id), tag_id smallint REFERENCES tags (id), PRIMARY KEY (post_id, tag_id));
CREATE TABLE no_key (a int, b text);
CREATE TABLE "User-Data" ("user id" bigint PRIMARY KEY REFERENCES users (id), "class" text, "in" int);
CREATE TABLE "_under" (id int PRIMARY KEY);
CREATE TABLE "_AToB" ("A" int NOT NULL REFERENCES posts (id) ON DELETE CASCADE ON UPDATE CASCADE, "B" smallint NOT NULL REFERENCES tags (id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE UNIQUE INDEX "_AToB_AB_unique" ON "_AToB" ("A", "B");
CREATE INDEX "_AToB_B_index" ON "_AToB" ("B");
