"""What is in force now: the organisation, the provisions, the calendar, the model."""
