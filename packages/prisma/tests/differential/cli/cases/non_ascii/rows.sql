INSERT INTO "Bestellungen_für_Müller" ("größe_id", "straße") VALUES (1, 'Große Straße');
