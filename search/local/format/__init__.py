"""The bytes of an index: what each file holds, with its writer and its reader.

`layout` names a segment's files and columns; `array_file` is a file of named arrays; `lexicon`, `postings`, `columns`
and `store` are what stands in them, and `segment` opens all five. `manifest` says what a generation consists of;
`authority_file`, `blocked` and `removed` are the small files next to it, and `sealed` is their envelope. `scoring` is
here because the greatest score in a block is written with it.

It knows nothing of questions, of transactions, of which generation is the last, or of Whoosh.
"""
