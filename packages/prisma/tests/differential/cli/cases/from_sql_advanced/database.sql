CREATE SEQUENCE order_numbers START 1000 INCREMENT 10;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE pair AS (a int, b text);
CREATE TABLE orders (
  number bigint PRIMARY KEY DEFAULT nextval('order_numbers'),
  amount positive NOT NULL,
  extra pair,
  during tsrange NOT NULL,
  spot point,
  price money DEFAULT 1,
  valid daterange DEFAULT '[2020-01-01,2021-01-01)',
  took interval,
  EXCLUDE USING gist (during WITH &&)
);
CREATE TABLE parted (id int NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE parted_2020 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE guarded (id int PRIMARY KEY, owner text NOT NULL DEFAULT CURRENT_USER);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded USING (owner = CURRENT_USER);
CREATE TABLE nodes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  parent uuid REFERENCES nodes DEFERRABLE INITIALLY DEFERRED,
  other uuid UNIQUE DEFERRABLE,
  nulls text,
  UNIQUE NULLS NOT DISTINCT (nulls)
);
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (extra text) INHERITS (parents);
COMMENT ON TABLE nodes IS 'A tree.';
COMMENT ON COLUMN nodes.parent IS 'The node above.';
CREATE TYPE rating AS ENUM ('low', 'high');
COMMENT ON TYPE rating IS 'How good.';
CREATE TABLE rated (id int PRIMARY KEY, rating rating NOT NULL DEFAULT 'low', ratings rating[] DEFAULT '{low,high}');
CREATE INDEX rated_nulls ON rated (rating DESC NULLS LAST);
CREATE INDEX rated_include ON rated (id) INCLUDE (rating);
CREATE VIEW best AS SELECT id, rating FROM rated WHERE rating = 'high';
CREATE MATERIALIZED VIEW counts AS SELECT rating, count(*) AS n FROM rated GROUP BY rating;
COMMENT ON VIEW best IS 'The best.';
