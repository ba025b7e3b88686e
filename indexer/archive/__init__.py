"""From a path to the records in it: walks folders, opens containers, hands each file to its reader.

Decides the order of files, opens zip, tar and the like, and limits how much of them is read. Does not parse articles:
see `indexer.readers`.
"""
