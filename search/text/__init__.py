"""What a word is, and what a date is: texts before anything is known of articles."""
