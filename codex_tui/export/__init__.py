"""A thread as a document for others to read: Markdown, or one page of HTML. Pure but for `file`."""
