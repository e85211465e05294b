CREATE VIEW "author_totals" AS
SELECT a."id", a."name", count(b."id") AS books, sum(b."price") AS total FROM "Author" a LEFT JOIN "Book" b ON b."authorId" = a."id" GROUP BY a."id", a."name";
CREATE VIEW "cheap_books" AS SELECT "title" FROM "Book" WHERE "price" < 10;
CREATE MATERIALIZED VIEW "dear_books" AS SELECT "id", "title" FROM "Book" WHERE "price" >= 100;
