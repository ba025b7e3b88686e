"""Labels the words of running text that are names: sentences, features of words, and the models.

Works with words and probabilities. The rules that decide which names are persons, and which person, are in
`indexer.enrich.persons`.
"""
