"""Articles in, the files of a segment out.

`tokenise` cuts texts and gives words numbers, `words` remembers them, `numbering` does it for whole articles in any
process, `inverter` sorts a batch into postings; `merge` makes one segment of several.

It knows nothing of generations, of what is already in the index, or of the disk: it is given files to write into.
"""
