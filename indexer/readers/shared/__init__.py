"""What readers of several formats share.

Builds the record of an article from dates, subjects, markup and columns, and parses XML safely. Each module here is a
helper; formats are in the subpackages next to it.
"""
