"""Billing info: where a user's invoices go, and how they are paid; one for each user."""
