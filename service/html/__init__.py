"""Markup: templates, forms, and what all pages have in common."""
