"""Letters that come by mail, and the receipts that go back by mail."""
