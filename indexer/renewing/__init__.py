"""Renews the facts of an index by the rules of this program, from the stored texts: the archive is not read.

An article is what was read of it (`as_read`), with facts. What newer rules find in it is compared with what is stored
(`facts`): an article with other facts is written, and of one with the same the ledger remembers by which digest it is
known now, so that neither is looked at again, whenever a run is stopped. What people have corrected stays on top of
what is found, and what the input has stated stays as it is; an article stays in its group of near-duplicates. `report`
is the result in numbers, and `sample` chooses articles for a trial.
"""

from indexer.renewing.run import Options, renew

__all__ = ["Options", "renew"]
