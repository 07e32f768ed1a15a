"""Where chats are that Apprise reaches: how rules.yaml writes that, and what may be shown of it.

In: addresses, and somebody who knows which of them work. Out: addresses to send to, or what is
wrong with them. Refuses to know: Apprise, the environment, files.
"""
