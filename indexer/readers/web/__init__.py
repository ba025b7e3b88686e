"""What the web publishes: pages, feeds, WordPress exports, and archives of what was fetched (WARC).

A module is a format, or bears the name of the format it helps; what one page says of itself is in `page`. Nothing is
fetched.
"""
