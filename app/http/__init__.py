"""The parts of HTTP that all routes share: errors, lists, versions, and the types of fields."""
