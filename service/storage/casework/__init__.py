"""What is done about matters: answers, receptions, consultations, reminders, returns."""
