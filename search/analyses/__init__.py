"""What is put together from several answers of an engine, whichever it is."""
