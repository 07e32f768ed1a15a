"""Sends, edits and hears messages through python-telegram-bot.

In: what an alert tells; updates, by polls or by a webhook. Out: `DeliveryOutcome`, `Heard`.
Refuses to decide when to try again to send, and who may ask for what.
"""
