"""What readers of several formats have in common.

Knows what an article's record must look like, how dates, subjects, markup and columns become fields, and how XML is
parsed safely. Each module here is a helper; formats are in the rooms next to it.
"""
