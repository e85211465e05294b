INSERT INTO "tbl-customers" ("Full Name") VALUES ('Ada'), ('Bob');
INSERT INTO "2020_invoices" ("_customer") VALUES (1);
