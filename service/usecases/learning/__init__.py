"""A model learned from what people decided."""
