"""Who is told, when, and in which words.

In: matches, stories, what a chat has been told, the time. Out: decisions, and the text of
messages. Refuses to know: Telegram's client, databases, clocks.
"""
