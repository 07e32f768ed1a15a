"""What a term looks for, and where that stands in an article.

In: words, phrases, entities and the other terms of conditions; articles. Out: the places where
they stand, and the evidence of it. Refuses to know: how terms are joined, rules, YAML.
"""
