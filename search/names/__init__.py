"""Names of people, countries and topics: the vocabularies, the authority file, and names that are alike."""
