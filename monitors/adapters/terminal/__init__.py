"""Shows alerts in the terminal with rich.

In: what an alert tells. Out: `Delivered`. Text of feeds never controls the terminal.
"""
