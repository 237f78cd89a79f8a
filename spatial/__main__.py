"""``python -m spatial`` is the ``spatial`` command."""

from spatial.cli import main

if __name__ == "__main__":
    main()
