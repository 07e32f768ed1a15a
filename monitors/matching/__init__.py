"""What conditions look for, and which of them hold for an article.

In: the trees of conditions, entities, articles. Out: the conditions that hold, the places in
the text that made them hold, and what is missing where one does not. Refuses to know: rules
and where their alerts go, YAML, how conditions are written.
"""
