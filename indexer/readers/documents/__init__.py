"""Files that people write: plain text, PDF, mail.

Finds the title and the text of a document. Reads one article per document or message.
"""
