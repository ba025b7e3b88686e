"""The values of the API: what it answers with, and the bodies it takes, each described by one type.

The JSON of an answer is its type encoded, the check of a body is its type decoded, and the schemas of OpenAPI are read
from the types (`service.api.schema`): names and order of the fields, bounds, which fields may be absent (`UNSET`), and
the meaning of each from the docstring of its class. Importing them loads neither NumPy nor Falcon.
"""
