"""The bits of a character, as `indexer.enrich.shared.characters` finds them."""

WORD, DIGIT, SPACE, WESTERN, MARK, CAPITAL, ALPHABETIC, FIGURE = (1 << bit for bit in range(8))
"""As `re` has them: a letter, a digit or an underscore; a decimal digit; white space. A capital of Western Europe; a
combining mark of the Latin script. As `str` has them: upper case; alphabetic; a digit."""
