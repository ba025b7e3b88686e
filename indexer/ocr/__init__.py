"""Text for pages that have none: their pictures are read by Tesseract, and the words stored next to them as hOCR.

`textless` finds the pages, `tesseract` is the program, `reading` has several of it at work. What is written is a file
of the archive as any other: the indexer reads it, by `readers.scans.hocr`, and knows nothing of this room.
"""
