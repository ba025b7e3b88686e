"""Put all matches into a pandas DataFrame: python examples/export_pandas.py news.idx.

1. `engine.export` yields every match in constant memory, newest first, all from one generation of the index.
2. An article is a dataclass, so its fields are the columns. Those with several values (topics, say) are tuples.
3. `explode` makes one row for each topic; the rest is pandas.
"""

import sys

import pandas

import dateline
from search.names.vocabulary import vocabulary

columns = ["id", "published", "title", "country", "topic"]
with dateline.open(sys.argv[1]) as engine:
    articles = engine.export(dateline.Query(date_from="1945", date_to="1999"))
    frame = pandas.DataFrame(([getattr(article, name) for name in columns] for article in articles), columns=columns)

frame["decade"] = frame["published"].str[:3] + "0s"
frame = frame.explode("topic").dropna(subset="topic")
frame["topic"] = frame["topic"].map(vocabulary("topic").label)
print(frame.pivot_table(index="topic", columns="decade", values="id", aggfunc="nunique", fill_value=0).to_string())
