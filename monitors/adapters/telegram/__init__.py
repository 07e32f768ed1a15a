"""Sends and edits messages through python-telegram-bot.

In: what an alert tells. Out: `DeliveryOutcome`. Refuses to decide when to try again.
"""
