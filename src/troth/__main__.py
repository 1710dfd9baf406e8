"""`troth`, and `python -m troth`: the command line, loaded without looking for garbage.

Looking through what is loaded, once more at the end, took a quarter of a short command."""

from troth import garbage

with garbage.loading():
    from troth.cli import main

if __name__ == "__main__":
    main()
