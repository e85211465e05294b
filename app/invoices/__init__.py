"""Invoices: what Stripe billed, once for each id that it gave."""
