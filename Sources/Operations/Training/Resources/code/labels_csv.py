"""A CSV file that gives photographs their class: columns file, label, and perhaps split, by names of layout-rules.json."""

import csv
import dataclasses
import io

from layout_rules import RULES, Assigned, check_class, joined, listed, plain, refuse, split_of


@dataclasses.dataclass
class Table:
    name: str
    rows: list  # the header first
    file: int  # column
    label: int
    split: int  # None when there is no such column


def find(level, root, place, read):
    """The one CSV file directly in the folder that has a column of files and one of labels, or None."""
    found = []
    for name in (parts[0] for parts in level.tables if len(parts) == 1):
        rows = _rows(name, root, place, read)
        header = [plain(cell) for cell in rows[0]] if rows else []
        columns = [next((i for i, cell in enumerate(header) if cell in RULES["csvColumns"][kind]), None) for kind in ("file", "label", "split")]
        if columns[0] is not None and columns[1] is not None:
            found.append(Table(name, rows, *columns))
    if len(found) > 1:
        refuse("csv-several", place=place, files=listed(table.name for table in found))
    return found[0] if found else None


def _rows(name, root, place, read):
    data = read(joined(root, name)) if read else b""
    try:
        if len(data) > RULES["maximumCSVBytes"]:
            raise ValueError
        text = data.decode("utf-8-sig")
        header = text.partition("\n")[0]
        delimiter = next((character for character in ",;\t" if character in header), ",")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [row for row in rows if any(cell.strip() for cell in row)]
    except (ValueError, csv.Error):
        refuse("csv-unreadable", place=place, csv=name, megabytes=RULES["maximumCSVBytes"] >> 20)


def apply(table, level, root, place, ignored):
    """(split: [Assigned], split: where it comes from) of the photographs that the table names."""
    index, ambiguous = _by_end_of_path(level.photographs)
    chosen, missing = {}, []
    for row in table.rows[1:]:
        cells = [cell.strip() for cell in row] + [""] * len(table.rows[0])
        file = cells[table.file].replace("\\", "/")
        file = file[2:] if file.startswith("./") else file
        if file not in index:
            missing.append(file)
            continue
        if file in ambiguous:
            refuse("csv-ambiguous", place=place, csv=table.name, file=file)
        answer = cells[table.label], _split(cells, table, place)
        check_class(answer[0], f"{place}/{table.name}")
        if chosen.setdefault(index[file], answer) != answer:
            refuse("csv-conflict", place=place, csv=table.name, file=file)
    if not chosen:
        refuse("csv-none-found", place=place, count=len(missing), csv=table.name, file=missing[0] if missing else "none")
    ignored[".csv"].remove(joined(root, table.name))
    ignored["named in the CSV but missing"] = missing
    ignored["not named in the CSV"] = [joined(root, *parts) for parts in level.photographs if parts not in chosen]
    splits = {}
    for parts, (label, split) in sorted(chosen.items()):
        name = "/".join(parts)
        splits.setdefault(split, []).append(Assigned("train", joined(root, name), f"{label}/{name}", label))
    source = RULES["heldOut"]["csv"]
    return splits, {split: source.format(column=table.rows[0][table.split].strip(), csv=table.name) for split in splits if split != "train"}


def _split(cells, table, place):
    """Of a row; one without a value is for training."""
    value = cells[table.split] if table.split is not None else ""
    split = split_of(value) if value else "train"
    if split is None:
        refuse("csv-split", place=place, csv=table.name, value=value)
    return split


def _by_end_of_path(photographs):
    """Photographs by each end of their path, with and without extension, and the ends that several have."""
    index, ambiguous, whole = {}, set(), {}
    for parts in photographs:
        for start in range(len(parts)):
            path = "/".join(parts[start:])
            for key in (path, path.rpartition(".")[0]):
                if index.setdefault(key, parts) != parts:
                    ambiguous.add(key)
        whole["/".join(parts)] = parts
    return {**index, **whole}, ambiguous - set(whole)
