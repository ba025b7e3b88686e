"""`python -m service`: the command `dateline`."""

from service.start import main

if __name__ == "__main__":  # not in the processes that enrich, which import this again
    main()
