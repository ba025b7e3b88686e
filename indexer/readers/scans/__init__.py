"""Scanned newspapers: issues in METS, their pages in ALTO.

Assembles articles from parts of pages. Reads the words that OCR found, not images.
"""
