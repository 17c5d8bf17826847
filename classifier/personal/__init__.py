"""Personal data in a text: whose names, addresses and numbers they are, and where."""
