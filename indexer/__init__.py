"""Here is an archive, give me an index.

`walk` finds the files, `readers` make articles of them, `enrich` adds what the text gives, `pipeline` is the whole
flow. Knows files and formats; has never heard of HTTP.
"""
