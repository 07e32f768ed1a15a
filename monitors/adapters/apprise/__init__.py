"""Sends alerts to whatever Apprise reaches: mailboxes, rooms of other messengers, webhooks.

In: letters and addresses. Out: what became of each attempt. Apprise blocks and says little, so
each call has a thread of its own and a time limit, and what it logs is read for the reason.
"""
