CREATE TYPE "Size" AS ENUM ('SMALL', 'large');
CREATE TABLE items (
    "id" SERIAL PRIMARY KEY,
    "serial" BIGINT NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,
    "price" DECIMAL(10, 2) NOT NULL,
    "size" "Size" NOT NULL,
    "photo" BYTEA,
    "tags" TEXT[],
    "facts" JSONB,
    "soldAt" TIMESTAMP(3)
)
