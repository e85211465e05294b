CREATE TYPE tone AS ENUM ('kind', 'angry', 'ironic');
CREATE TABLE people (id serial PRIMARY KEY, email text NOT NULL UNIQUE, nickname text NOT NULL, updated_at timestamp(3) NOT NULL, born date);
CREATE TABLE letters (id serial PRIMARY KEY, from_id int NOT NULL, to_id int NOT NULL, tone tone NOT NULL DEFAULT 'kind',
  CONSTRAINT letters_from FOREIGN KEY (from_id) REFERENCES people (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT letters_to FOREIGN KEY (to_id) REFERENCES people (id) ON UPDATE CASCADE ON DELETE RESTRICT);
CREATE TABLE stamps (id serial PRIMARY KEY, letter_id int REFERENCES letters (id));
