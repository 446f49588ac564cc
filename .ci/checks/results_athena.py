"""inferencectl results against MiniStack's S3 and Athena, and DuckDB over the same documents.

usage: results_athena.py INFERENCECTL URL FOLDER
"""

import json
import os
import subprocess
import sys
import time

import boto3
import duckdb
from botocore.config import Config
from results_duckdb import compare
from results_stream import document

HOSTILE = [
    "uploads/\x1b[2Jcleared.jpg", "uploads/%1B.jpg", "uploads/a\"b'c.jpg", "=1+1.jpg", "@a.jpg", "uploads/line\nbreak.jpg",
    "uploads/<script>alert(1)</script>.jpg", "uploads/a+b c&d=e.jpg", "uploads/\u202egpj.exe", "uploads/back\\slash.jpg",
    "uploads/\U0001f415\u00e9.jpg", "uploads/tab\t,comma.jpg",
]
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "rootsecret", "AWS_REGION": "us-east-1"}


class Stage:
    def __init__(self, program, url):
        self.program, self.url = program, url
        self.s3, self.athena, self.glue = (
            boto3.client(name, endpoint_url=url, region_name="us-east-1", aws_access_key_id="test",
                         aws_secret_access_key="rootsecret", config=Config(s3={"addressing_style": "path"}))
            for name in ("s3", "athena", "glue"))

    def run(self, *arguments):
        process = subprocess.run(
            [self.program, "results", *arguments], capture_output=True, text=True,
            env={**os.environ, **KEYS, "AWS_ENDPOINT_URL": self.url})
        assert process.returncode == 0, f"{arguments}: {process.stderr}"
        return process.stdout

    def query(self, sql):
        """The rows of a statement, as dictionaries of text."""
        run = self.athena.start_query_execution(
            QueryString=sql, QueryExecutionContext={"Database": "default"},
            ResultConfiguration={"OutputLocation": "s3://kept/athena/"})["QueryExecutionId"]
        while True:
            state = self.athena.get_query_execution(QueryExecutionId=run)["QueryExecution"]["Status"]
            if state["State"] not in ("QUEUED", "RUNNING"):
                break
            time.sleep(0.05)
        assert state["State"] == "SUCCEEDED", f"{sql}\n{state}"
        rows = [
            [cell.get("VarCharValue") for cell in row["Data"]]
            for row in self.athena.get_query_results(QueryExecutionId=run)["ResultSet"]["Rows"]]
        return [dict(zip(rows[0], row)) for row in rows[1:]] if rows else []


def documents():
    """Key of the document, and its text; folders are named like classes, as those of the tutorial."""
    for number in range(400):
        text = json.loads(document(number, classes=8))
        folder = text["probabilities"][number % 8 if number % 3 else 0]["class"]
        key = f"test/{folder}/{number}.jpg"
        text["source"]["key"] = key
        yield f"results/photos/{key}.json", text
    for number, key in enumerate(HOSTILE):
        text = json.loads(document(number, classes=8))
        text["source"]["key"] = key
        yield f"results/photos/{key}.json", text


def keys_come_back(stage):
    rows = json.loads(stage.run("list", "--from", "s3://kept/results", "--keys", "--output", "json"))
    keys = {row["key"] for row in rows}
    assert len(rows) == 400 + len(HOSTILE), len(rows)
    for key in HOSTILE:
        assert key in keys, f"{key!r} is not in the list"
        shown = json.loads(stage.run("show", f"s3://photos/{key}", "--from", "s3://kept/results"))
        assert shown["source"]["key"] == key
    plain = stage.run("list", "--from", "s3://kept/results")
    assert "\x1b" not in plain and "\u202e" not in plain and plain.count("\n") == len(rows) + 1


def athena_agrees(stage, folder):
    printed = json.loads(stage.run("athena", "--from", "s3://kept/results", "--output", "json"))
    # AWS has it from the beginning.
    stage.glue.create_database(DatabaseInput={"Name": "default"})
    stage.query(printed["definition"])
    by_class, unsure, top = (stage.query(query["sql"]) for query in printed["queries"])
    summary = json.loads(stage.run("summary", "--from", "s3://kept/results", "--output", "json", "--threshold", "0.6"))
    compared = compare(summary, os.path.join(folder, "*.json"), has_times=False)
    mine = {row["class"]: row for row in summary["classes"]}
    assert len(by_class) == len(mine) > 100, len(by_class)
    for row in by_class:
        assert int(row["results"]) == mine[row["class"]]["results"], row
        assert abs(float(row["mean_probability"]) - mine[row["class"]]["meanProbability"]) < 1e-9, row
    assert sum(int(row["unsure"]) for row in by_class) == summary["below"][0]["results"]
    assert len(unsure) == min(200, summary["below"][0]["results"]), len(unsure)
    assert [float(row["probability"]) for row in unsure[:12]] == [row["probability"] for row in summary["leastSure"]]
    database = duckdb.connect()
    expected = database.execute(
        "SELECT count(*), avg((place <= 1)::INT), avg((place <= 5)::INT) FROM (SELECT list_position("
        "list_transform(probabilities, lambda x: x.\"class\"), regexp_extract(source.\"key\", '([^/]+)/[^/]+$', 1)) AS place "
        f"FROM read_json('{folder}/*.json', format='newline_delimited', columns={{source: 'STRUCT(\"key\" VARCHAR)', "
        "probabilities: 'STRUCT(\"class\" VARCHAR, probability DOUBLE)[]'})) WHERE place > 0").fetchone()
    assert int(top[0]["photographs"]) == expected[0] == 400, (top, expected)
    assert abs(float(top[0]["top1"]) - expected[1]) < 1e-9 and abs(float(top[0]["top5"]) - expected[2]) < 1e-9, (top, expected)
    return compared, len(by_class)


def main():
    program, url, folder = sys.argv[1:4]
    stage = Stage(program, url)
    stage.s3.create_bucket(Bucket="kept")
    os.makedirs(folder)
    for number, (key, text) in enumerate(documents()):
        line = json.dumps(text, ensure_ascii=False, separators=(",", ":"))
        stage.s3.put_object(Bucket="kept", Key=key, Body=line.encode(), ContentType="application/json")
        with open(os.path.join(folder, f"{number}.json"), "w", encoding="utf-8") as file:
            file.write(line + "\n")
    keys_come_back(stage)
    compared, classes = athena_agrees(stage, folder)
    print(
        f"{len(HOSTILE)} hostile keys through MiniStack's S3; the DDL and three queries by its Athena: {classes} classes, "
        f"unsure, top-1 and top-5; {compared} figures as DuckDB's")


if __name__ == "__main__":
    main()
