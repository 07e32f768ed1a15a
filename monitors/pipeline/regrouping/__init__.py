"""What people do about stories: ask why articles are one, split them, join them.

In: a transaction, the number of an article or alert, who asks. Out: stories as that person
wants them, messages that say so, and words that explain. Refuses to know: how they were asked.
"""
