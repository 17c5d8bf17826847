"""What other systems are told of, and how it gets there."""
