"""When a feed is asked next, and what is remembered of it between two polls.

In: what polls answered, what rules.yaml says, the time. Out: the time of the next poll and why
then, how hosts are spared, and who has to be told of a feed. Refuses to know: sockets, clocks,
databases, rules, chats.
"""
