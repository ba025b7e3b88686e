"""The processes that read and enrich: the work itself, and how it is shared out.

Knows batches, child processes and what to do when one dies. Decides nothing about an article and writes to no index.
"""
