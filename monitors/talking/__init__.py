"""What people say to the bot, and what it answers.

In: what people write, press and drop into chats. Out: answers for the outbox, changes of rules,
feeds and stories. Refuses to know: Telegram's client, databases, files, clocks.
"""
