"""Families (KPM): who they are, in which programme, what they agreed to, and who looked at them."""
