CREATE TYPE "role_enum" AS ENUM ('user', 'admin');
CREATE TABLE "users" (
  "id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL, "name" TEXT, "role" "role_enum" NOT NULL DEFAULT 'user',
  "roles" "role_enum"[], "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updated_at" TIMESTAMP(3) NOT NULL
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
CREATE TABLE "profiles" (
  "id" TEXT PRIMARY KEY, "bio" TEXT,
  "user_id" INTEGER NOT NULL CONSTRAINT "profiles_user_id_fkey" REFERENCES "users" ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "profiles_user_id_key" ON "profiles" ("user_id");
CREATE TABLE "accounts" (
  "provider" TEXT NOT NULL, "number" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL CONSTRAINT "accounts_user_id_fkey" REFERENCES "users" ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "accounts_pkey" PRIMARY KEY ("provider", "number")
);
CREATE TABLE "posts" (
  "id" SERIAL PRIMARY KEY, "title" TEXT NOT NULL, "views" INTEGER NOT NULL DEFAULT 0, "score" DOUBLE PRECISION,
  "price" DECIMAL(65, 30), "published" BOOLEAN NOT NULL DEFAULT false, "labels" TEXT[],
  "author_id" INTEGER CONSTRAINT "posts_author_id_fkey" REFERENCES "users" ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE "tags" ("id" SERIAL PRIMARY KEY, "name" TEXT NOT NULL);
CREATE UNIQUE INDEX "tags_name_key" ON "tags" ("name");
CREATE TABLE "_PostToTag" (
  "A" INTEGER NOT NULL REFERENCES "posts" ON DELETE CASCADE ON UPDATE CASCADE,
  "B" INTEGER NOT NULL REFERENCES "tags" ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE TABLE "samples" (
  "id" BIGSERIAL PRIMARY KEY, "text" TEXT NOT NULL, "code" UUID, "address" INET, "bits" VARBIT, "flag" BOOLEAN,
  "small" SMALLINT, "big" BIGINT, "ratio" DOUBLE PRECISION, "amount" DECIMAL(30, 10), "at" TIMESTAMP(3),
  "zoned" TIMESTAMPTZ(6), "day" DATE, "clock" TIME(6), "data" JSONB, "blob" BYTEA, "role" "role_enum",
  "texts" TEXT[], "ints" INTEGER[], "bigs" BIGINT[], "floats" DOUBLE PRECISION[], "decimals" DECIMAL(65, 30)[],
  "moments" TIMESTAMP(3)[], "jsons" JSONB[], "blobs" BYTEA[], "role_list" "role_enum"[],
  "owner_id" INTEGER REFERENCES "users" ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE "tokens" (
  "cuid1" TEXT PRIMARY KEY, "cuid2" TEXT NOT NULL, "uuid4" TEXT NOT NULL, "uuid7" TEXT NOT NULL, "ulid" TEXT NOT NULL,
  "nano" TEXT NOT NULL, "nano8" TEXT NOT NULL, "made_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "note" TEXT,
  "weight" INTEGER DEFAULT 3
);
