"""What a feed is, what a poll of it answered, and which entries it carries.

In: bytes of a feed, answers of servers. Out: entries as plain text with aware times,
and when to poll next. Refuses to know: sockets, files, clocks, rules, chats.
"""
