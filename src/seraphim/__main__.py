"""``python -m seraphim``."""

from seraphim.app.cli import main

if __name__ == "__main__":
    main()
