"""What a digest is made from, read up to a moment: one module for each subject."""
