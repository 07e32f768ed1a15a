"""The technologies behind the ports: http, sqlite, telegram, terminal, files, packs, workers.

Each turns what one library says into the values of the rooms. None knows another.
"""
