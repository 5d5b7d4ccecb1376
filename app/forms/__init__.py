"""The shape of what people send, before any rule looks at it."""
