"""Ask a question and count the answers: python examples/ask_facets.py news.idx.

1. Filters narrow the result; they take codes, names or aliases. A person or a country not wanted goes into `none`.
2. A facet is counted under the query and all filters but its own: it shows what a click on another value would give.
3. The histogram is a facet, too.
"""

import sys

import dateline
from dateline import Filter, Query

query = Query(
    text="(president OR minister) -election",
    filters={"country": Filter(any=("Germany", "France")), "topic": Filter(none=("sport",))},
    date_from="1950",
    date_to="1999",
    facets=("country", "person", "date"),
    interval="decade",
)
with dateline.open(sys.argv[1]) as engine:
    results = engine.search(query)

print(f"{results.total} articles")
for hit in results.hits[:3]:
    print(f"  {hit.article.published}  {hit.article.title}")
for name in ("country", "person"):
    print(name, *(f"{value.label} {value.count}" for value in results.values(name).values[:5]), sep="\n  ")
print("decade", *(f"{bucket.start[:4]} {'█' * bucket.count}" for bucket in results.histogram().buckets), sep="\n  ")
