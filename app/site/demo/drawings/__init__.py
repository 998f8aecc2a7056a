"""Drawn pictures of goods, so that the demonstration looks like a market and shows nobody's face or brand."""
