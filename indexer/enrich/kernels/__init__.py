"""The compiled loops of enrichment, over numbers of words (`indexer.enrich.shared.words`)."""
