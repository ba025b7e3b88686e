"""`python -m service`: the command `dateline`."""

from service.commands.start import main

if __name__ == "__main__":  # not in the worker processes, which import this again
    main()
