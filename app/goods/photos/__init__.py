"""Photos: what phones send, cleaned, kept and cut to size."""
