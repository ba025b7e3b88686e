"""Scanned newspapers: issues in METS, their pages in ALTO.

Knows how articles are put together from stretches of pages. Reads the words that OCR found and no images.
"""
