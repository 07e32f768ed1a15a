"""How conditions, mistakes, changes and findings read in a chat."""
