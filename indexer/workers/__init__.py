"""The processes that read and enrich: the work itself, and how it is distributed.

Deals with batches, child processes and crashes. Decides nothing about an article and does not write to an index.
"""
