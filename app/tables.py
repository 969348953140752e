"""Every slice's tables, imported once, so that `Base.metadata` is whole (migrations and tests read it).

The owner of a slice adds one line: `import app.<slice>.models`.
"""
