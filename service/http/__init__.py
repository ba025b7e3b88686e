"""What each request passes through, whatever it asks for."""
