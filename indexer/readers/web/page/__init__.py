"""What a web page says of itself: its encoding, metadata, title and date.

Knows the elements of HTML that carry facts, and which of several statements counts. Does not find the text of the
article: `indexer.readers.web.html` does.
"""
