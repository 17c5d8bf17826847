"""What is stored already, judged, matched or indexed again."""
