"""The doors: messages come in one by one, from files, at receptions, with files beside them."""
