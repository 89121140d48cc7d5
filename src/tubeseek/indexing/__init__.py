"""From a place to vectors: listing, fetching, segmenting, embedding."""
