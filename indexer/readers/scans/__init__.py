"""Scanned newspapers: issues in METS, their pages in ALTO or PAGE XML, and pages in hOCR.

Assembles articles from parts of pages. Reads the words that OCR found, not images.
"""
