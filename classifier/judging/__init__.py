"""A message judged: topic, department, kind and urgency, with the evidence for each."""
