"""Forms of MCP servers: their schema as fields, what is filled in, and the review before it leaves."""
