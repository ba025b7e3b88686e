"""What people decide and store: a folder for each feature, with its resource, its pages and its command."""
