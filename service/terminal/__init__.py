"""What commands have in common: arguments, input, and output for people in a terminal."""
