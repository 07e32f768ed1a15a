"""Which conditions hold for an article, of one or of a hundred thousand.

In: the trees of conditions, articles. Out: the conditions that hold, the places in the text
that made them hold, and what is missing where one does not. Refuses to know: rules and where
their alerts go, YAML, how conditions are written.
"""
