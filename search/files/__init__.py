"""What is in the directory of an index and the business of no engine: other packages read and write it, too.

`array_file` has arrays, `sealed` JSON, `databases` SQLite files, with checksums of rows (`row_sums`), each of which
proves its bytes. `pictures` are those of scanned pages, `takedowns` wait for a writer, `backup_list` names the backups;
`erasing` finds files that still have other names, `reconciling` is what a restore asks of those who store files here.
"""
