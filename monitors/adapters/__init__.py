"""The technologies behind the ports: http, websub, sqlite, telegram, terminal, files and more.

Each turns what one library says into the values of the rooms. None knows another.
"""
