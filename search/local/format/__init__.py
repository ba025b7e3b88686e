"""The bytes of an index: the contents of each file, with its writer and its reader.

`layout` names a segment's files and columns; `array_file` is a file of named arrays; `lexicon`, `postings`, `columns`
and `store` are the contents of such files, and `segment` opens all five. `manifest` lists the files of a generation;
`authority_file`, `blocked` and `removed` are the small files next to it, in the format of `sealed`. `scoring` is here
because the greatest score of a block is written with it.

Nothing here depends on queries, on transactions, on which generation is the last, or on Whoosh.
"""
