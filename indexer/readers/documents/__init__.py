"""Files that people write: plain text, PDF, mail.

Knows where a document has its title and text. Reads one article a document or message.
"""
