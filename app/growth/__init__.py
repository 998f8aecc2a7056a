"""Growth: what follows for families from what they make and sell. Nothing here is public."""
