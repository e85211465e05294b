"""Invoices: the bills of Stripe, one for each of its ids."""
