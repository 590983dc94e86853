"""The world as JSON: one function an object, with the field sets Discord documents."""
