INSERT INTO "Ticket" ("previous", "labels", "history") VALUES ('NEW', '{IDEA}', '{NEW,"in progress"}'), (NULL, '{}', '{}');
