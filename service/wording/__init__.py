"""Everything in words: messages, dates and names of values, in the language of a request."""
