"""What texts mean, as vectors of a model: an addition to the order of `rank=best`, where somebody has chosen a model.

`model` is the one that this process uses, if any; `passages` are the vectors of an article, `nearness` what they add to
the scores of a query. The set of matches, totals and facets know nothing of it.
"""
