"""What a facet counted, where a test knows which of the two kinds it asked for."""

from __future__ import annotations

from search.values.results import Bucket, DateFacet, FacetCount, ValueFacet


def values(facet: ValueFacet | DateFacet) -> tuple[FacetCount, ...]:
    """The values of a facet that is not a histogram."""
    assert isinstance(facet, ValueFacet)
    return facet.values


def buckets(facet: ValueFacet | DateFacet) -> tuple[Bucket, ...]:
    """The buckets of a histogram."""
    assert isinstance(facet, DateFacet)
    return facet.buckets
