"""IIIF: issues, their pages and what is found on them, as viewers and libraries read them."""
