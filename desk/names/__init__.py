"""What people decide about names: a `decision`, and the authority file as a CSV (`authority_csv`)."""
