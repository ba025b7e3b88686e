"""The resources of the API that read an archive or add to it."""
