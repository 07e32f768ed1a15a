"""The rulebook that rules.yaml says, and which of its rules an article makes hold.

In: the text of rules.yaml, articles. Out: a `Rulebook` or its problems; matches with
evidence. Refuses to know: where files lie, chats' state, databases.
"""
