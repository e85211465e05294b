INSERT INTO "Tenant" VALUES ('eu', 1);
INSERT INTO "User" VALUES ('eu', 1, 'ada@example.com');
INSERT INTO "Grant" ("region", "tenantNo", "email", "right") VALUES ('eu', 1, 'ada@example.com', 'read');
