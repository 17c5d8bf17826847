"""From the storage's rows to the facts of a digest: one module for each subject."""
