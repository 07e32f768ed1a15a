"""Files beside rules.yaml: the file itself, feeds that are files, and their pages.

In: paths that the user wrote. Out: texts and bytes, bounded in size; changes of the file.
Never opens a path that a feed or a chat names.
"""
