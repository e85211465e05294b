INSERT INTO "Change" ("number", "text", "required", "list", "scalar", "moment", "removed", "unique") VALUES (1, '2', 'a', 'b', '{c}', now(), 'd', 'e'), (1, '2', 'a', 'b', '{c}', now(), 'd', 'e');
INSERT INTO "DroppedWithRows" VALUES (1);
