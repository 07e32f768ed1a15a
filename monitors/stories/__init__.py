"""From entry to article to story: canonical links, words, and which articles tell one story.

In: entries and pages. Out: articles, and for each one the story that it belongs to, with
the reason. Refuses to know: rules, chats, databases, clocks.
"""
