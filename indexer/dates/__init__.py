"""Dates as news prints them, converted to ISO 8601: in lines, fields, URLs and names of files, in any language.

`printed` finds dates in a line, with `words` for those with the name of a month and `clock` for the time next to them;
`addresses` reads URLs and names of files, `labels` the words by which a date is one of publication or of a change,
`order` decides if the day comes before the month, and `possible` if news can have been published on a day. All take
time linear in the length of the line. The names of months are in `search.text.date_words`.
"""
