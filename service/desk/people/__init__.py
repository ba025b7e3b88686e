"""Keys and sessions of people."""
