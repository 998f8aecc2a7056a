"""Businesses of families: the dated link between a family and a shop, and seller accounts for many at once."""
