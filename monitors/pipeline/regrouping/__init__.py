"""What becomes of stories after the first look: by a second look, and by people.

In: a transaction, and an article that rings; or the number of an article or alert, and who
asks. Out: stories as they are better known, or as that person wants them, messages that say
so, and words that explain. Refuses to know: how anybody was asked.
"""
