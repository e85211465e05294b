INSERT INTO "Student" VALUES ('a'), ('b');
INSERT INTO "Course" DEFAULT VALUES;
INSERT INTO "_friends" VALUES ('a', 'b');
INSERT INTO "Enrolment" VALUES ('a', 1, NULL);
