"""What pages stand on, whichever door shows them: their texts, their frame, their headers."""
