"""The parts of a page with a result: what is filtered, counted, drawn and said about it."""
