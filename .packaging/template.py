"""Reads the parameters of template.yaml, and checks values as CloudFormation does before it creates anything.

Only the part of YAML that the section Parameters uses, because YAML is not in Python's library; .ci/checks/template.sh
compares it with SAM's parser. Rules are not evaluated: CloudFormation does that before it creates anything, too.
"""

import difflib
import json
import pathlib
import re


class TemplateError(Exception):
    """A value or a parameter that the template refuses, or a template that cannot be read."""


def scalar(text):
    text = text.strip()
    if text.startswith('"'):
        return json.loads(text)
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text


def inline_list(text):
    return [scalar(each) for each in text.strip()[1:-1].split(",")]


def parameters(path):
    """Each declared parameter with its attributes, in order."""
    found, name, attribute, is_inside = {}, None, None, False
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if re.match(r"\w", line):
            is_inside = line == "Parameters:"
        elif not is_inside or not line.strip() or line.lstrip().startswith("#"):
            pass
        elif start := re.fullmatch(r"  (\w+):", line):
            name = start[1]
            found[name] = {}
        elif start := re.fullmatch(r"    (\w+):(.*)", line):
            attribute, value = start[1], start[2].strip()
            if value == ">-" or not value:
                found[name][attribute] = "" if value else []
            else:
                found[name][attribute] = inline_list(value) if value.startswith("[") else scalar(value)
        elif item := re.fullmatch(r"      - (.*)", line):
            found[name][attribute].append(scalar(item[1]))
        elif line.startswith("      ") and isinstance(found[name][attribute], str):
            found[name][attribute] = f"{found[name][attribute]} {line.strip()}".strip()
        else:
            raise TemplateError(f"{path}:{number} cannot be read: {line.strip()}")
    return found


def problem(name, value, declared):
    """Why the value is refused; None if it is not."""
    allowed = declared.get("AllowedValues")
    if allowed and value not in [str(each) for each in allowed]:
        return f"{name} must be one of {', '.join(map(str, allowed))}, not {value}"
    if not re.fullmatch(declared.get("AllowedPattern", ".*"), value):
        rule = declared.get("ConstraintDescription") or f"text that matches {declared['AllowedPattern']}"
        return f"{name} must be {rule}, not {value}"
    if declared["Type"] == "Number":
        least, most = declared.get("MinValue"), declared.get("MaxValue")
        # CloudFormation takes 30.5 and 030, too; the services refuse the one, and to the rules the other is not 30.
        is_whole = all(isinstance(each, int) for each in (least, most) if each is not None)
        if not re.fullmatch(r"0|-?[1-9]\d*" if is_whole else r"-?\d+(\.\d+)?", value):
            return f"{name} must be a {'whole ' if is_whole else ''}number, not {value}"
        if (least is not None and float(value) < least) or (most is not None and float(value) > most):
            return f"{name} must be {least} to {most}, not {value}"
    return None


def check(given, declared, computed):
    """Raises TemplateError, with a line for each problem. `computed` parameters need not be given."""
    problems = []
    for name, value in given.items():
        if name in declared:
            problems.append(problem(name, value, declared[name]))
        else:
            near = difflib.get_close_matches(name, declared, 1)
            problems.append(f"{name} is not a parameter of the template" + (f"; did you mean {near[0]}?" if near else ""))
    required = [name for name, each in declared.items() if "Default" not in each and name not in computed]
    problems += [f"{name} is required; add {name}=VALUE" for name in required if name not in given]
    if problems := [each for each in problems if each]:
        raise TemplateError("\n".join(problems))
