"""Which articles report one event, and how surely.

In: articles, and the stories of the last days. Out: for each article the story that it belongs
to or may belong to, with the reason. Refuses to know: rules, chats, databases, clocks.
"""
