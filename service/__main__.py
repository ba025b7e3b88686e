"""`python -m service`: the command `dateline`."""

from service.cli import main

main(prog_name="dateline")
