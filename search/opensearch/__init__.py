"""The same index on many machines: an engine and a writer for an OpenSearch cluster, 2.19 or later.

`address` reads `opensearch+http://host:9200/news` and what the environment says of users and certificates; `cluster`
sends requests and puts what goes wrong into words; `state` keeps what an index says of itself: its generation, the
authority, the ids kept out. Going in: `mapping` derives the cluster's fields from the table of fields, `document` makes
of an article what is sent, `writer` a transaction of them; `rebuild` fills a second index and puts it in place of the
first. Going out: `names` says under which name each value is shown, `translate` makes of a query tree the cluster's
own, `question` is one question and its answer, `facets` its counts; `hits` goes through lists; `cursor` says where one
was left; `engine` answers.

Words are cut and stemmed by `search.text`, not by the cluster, so that an article is found by the same words as in a
directory. Not for an archive that fits one machine: `search.local` answers faster there (see docs/scale.md).
"""
