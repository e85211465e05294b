CREATE TABLE "Toy" (id serial PRIMARY KEY, pet int NOT NULL REFERENCES "Pet" (id), state "Kind");
CREATE TYPE "Mood" AS ENUM ('good', 'bad');
ALTER TABLE "Pet" ADD COLUMN mood "Mood";
ALTER TABLE "Person" ALTER COLUMN name DROP NOT NULL;
