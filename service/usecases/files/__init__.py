"""Tables judged, grouped or scored without a database."""
