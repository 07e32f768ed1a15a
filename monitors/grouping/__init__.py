"""Which articles tell of one event: what speaks for it, what against it, and what follows.

In: titles and summaries of articles, in the order in which they came. Out: whether one joins
a story, is told beside it or opens its own, with the reason. Refuses to know: rules, chats,
databases, clocks.
"""
