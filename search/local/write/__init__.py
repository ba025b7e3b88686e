"""Articles in, the files of a segment out.

`tokenise` splits texts and numbers the words, `words` stores them, `numbering` does it for whole articles in any
process, `inverter` sorts a batch into postings; `merge` makes one segment of several.

Nothing here depends on generations, on the contents of the index, or on the disk: callers pass files to write to.
"""
