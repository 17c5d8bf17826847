"""The service: nouns, verbs, transactions, storage and the doors to the outside."""
