"""A read-only server of the Model Context Protocol: an archive as tools of an assistant, whose answers can be checked.

`asking` asks the API, of a service or of an index in this process, so that totals, rights and rates are the API's;
`passages` says where in an article a passage is, and checks what is quoted; `tools` are the questions; `server` hands
them to the protocol's SDK, which only it imports.
"""
