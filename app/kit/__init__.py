"""Plain values and pure functions: no web, no database, no clock."""
