"""The language of rules: text to tree, tree to text, and problems with their place.

In: the text of a condition; places of words. Out: an `Expression`, or a `Problem` with line,
column and how to mend it; the places that NEAR links. Refuses to know: stories, entities'
aliases, YAML. It could be published alone.
"""
