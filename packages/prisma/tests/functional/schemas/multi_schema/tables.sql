-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "audit";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "shop";

-- CreateEnum
CREATE TYPE "audit"."level" AS ENUM ('low', 'high');

-- CreateTable
CREATE TABLE "audit"."customers" (
    "id" SERIAL NOT NULL,
    "level" "audit"."level" NOT NULL DEFAULT 'low',
    "order_id" INTEGER NOT NULL,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shop"."customers" (
    "id" SERIAL NOT NULL,
    "full_name" TEXT NOT NULL,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shop"."orders" (
    "id" SERIAL NOT NULL,
    "amount" INTEGER NOT NULL,
    "customer_id" INTEGER NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "audit"."customers" ADD CONSTRAINT "customers_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "shop"."orders"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shop"."orders" ADD CONSTRAINT "orders_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "shop"."customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- The view of the schema.
CREATE VIEW "shop"."totals" AS
SELECT c."id" AS "customer_id", c."full_name", sum(o."amount") AS "amount"
FROM "shop"."customers" c JOIN "shop"."orders" o ON o."customer_id" = c."id"
GROUP BY c."id", c."full_name";
