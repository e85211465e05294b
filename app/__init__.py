"""AINative Studio's database service: a thin HTTP layer on the client generated from `schema.prisma`."""
