"""Who works at the desk: `keys` that permit it, and the `sessions` of people who have signed in with one."""
