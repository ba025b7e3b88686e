"""Makes an index from an archive.

`walk` finds the files, `readers` parse them into articles, `enrich` adds facts found in the text, `pipeline` runs it
all. Depends on files and formats, and not on HTTP.
"""
