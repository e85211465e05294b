"""The partial type generator of `everything.prisma`: every option of `create_partial`."""

from prisma.models import Customer, Order, Product

Product.create_partial("ProductTitle", include={"title", "sku"})
Product.create_partial("ProductInList", include=["title", "sku", "tags", "parts"][:2])
Product.create_partial("Part", exclude=["lines", "fans", "parents"], relations={"parts": "ProductTitle"})
Customer.create_partial(
    "CustomerRow", exclude_relational_fields=True, required={"nickname"}, optional=["email", "tags"]
)
Customer.create_partial("CustomerWithOrders", include={"id", "orders", "profile"}, required={"orders"})
Order.create_partial("WholeOrder", relations={"customer": "CustomerRow"})
