"""What leaves the house: signed requests to webhooks, and mails."""
