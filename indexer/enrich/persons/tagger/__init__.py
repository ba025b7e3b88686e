"""Which words of a running text are a name: sentences, the features of words, and the models that label them.

Knows words and probabilities. Does not know who a name belongs to, or which names are no persons: the rules in
`indexer.enrich.persons` do.
"""
