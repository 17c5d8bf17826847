"""A matter moves along its path: handled, answered, rated, erased."""
