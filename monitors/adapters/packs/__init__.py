"""The packs of entities that come with Newsbell: countries, by what the CLDR calls them.

In: codes of countries. Out: entities. Reads nothing before the first code is asked for.
"""
