"""A month of work in each of the places that the design serves, by the API."""
