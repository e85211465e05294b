"""Billing info: the address and payment method for a user's invoices; one for each user."""
