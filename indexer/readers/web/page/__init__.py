"""The facts that a web page states about itself: its encoding, metadata, title and date.

Reads the elements of HTML that carry facts, and decides between contradicting ones. Does not find the text of the
article: `indexer.readers.web.html` does.
"""
