"""Writes what the linters read into a folder: the translated template, the template of each case without anything
conditional, and every policy document on its own."""

import pathlib
import sys

from template_model import EVERYTHING, EXISTING, REQUIRED, policies, render, translate, write

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
write(translate(REQUIRED), folder / "translated.json")
for case, parameters in (("required", REQUIRED), ("everything", EVERYTHING), ("existing", EXISTING)):
    rendered = render(parameters)
    write(rendered, folder / f"rendered-{case}.json")
    for where, document in policies(rendered):
        write(document, folder / f"policy-{case}-{where.replace('/', '-')}.json")
