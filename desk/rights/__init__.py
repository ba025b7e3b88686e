"""Who may see which articles: rules of an administrator, and the groups of those who have a key."""
