COMMENT ON TABLE "Noted" IS 'said in the database';
COMMENT ON COLUMN "Noted"."name" IS 'of a column';
ALTER TABLE "Other" ADD COLUMN "born" date;
CREATE TABLE "new_one" (id serial PRIMARY KEY, sort "Sort");
