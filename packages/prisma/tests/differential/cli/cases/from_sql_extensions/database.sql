CREATE EXTENSION citext;
CREATE EXTENSION "uuid-ossp";
CREATE EXTENSION hstore;
CREATE TABLE members (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), email citext UNIQUE NOT NULL, extra hstore DEFAULT 'a=>1');
