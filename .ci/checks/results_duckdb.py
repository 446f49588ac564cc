"""The figures of `inferencectl results summary --output json`, judged with DuckDB over the same documents."""

import math

import duckdb

# The documents' members; `written` and `resultKey` are those of an export.
COLUMNS = (
    "{endpoint: 'VARCHAR', variant: 'VARCHAR', requestId: 'VARCHAR', s3Milliseconds: 'BIGINT', "
    "endpointMilliseconds: 'BIGINT', source: 'STRUCT(bucket VARCHAR, \"key\" VARCHAR, versionId VARCHAR, eTag VARCHAR)', "
    "\"class\": 'VARCHAR', probability: 'DOUBLE', written: 'VARCHAR', resultKey: 'VARCHAR'}")


def close(left, right):
    return left == right or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)


def compare(summary, files, has_times=True):
    """Compares all figures; returns how many there were."""
    database = duckdb.connect()
    database.execute(
        f"CREATE VIEW results AS SELECT * FROM read_json('{files}', format='newline_delimited', columns={COLUMNS}, "
        "maximum_object_size=16777216)")
    count = 0

    def check(name, mine, theirs):
        nonlocal count
        count += 1
        assert mine == theirs if not isinstance(theirs, float) else close(mine, theirs), f"{name}: {mine}, DuckDB {theirs}"

    def one(sql):
        return database.execute(sql).fetchone()[0]

    check("results", summary["results"], one("SELECT count(*) FROM results"))
    classes = database.execute(
        'SELECT "class", count(*), avg(probability) FROM results WHERE "class" IS NOT NULL GROUP BY 1').fetchall()
    mine = {row["class"]: row for row in summary["classes"]}
    check("classes", len(mine), len(classes))
    for name, results, mean in classes:
        check(f"count of {name}", mine[name]["results"], results)
        check(f"mean of {name}", mine[name]["meanProbability"], mean)
    assert summary["below"]
    for row in summary["below"]:
        below = one(f"SELECT count(*) FROM results WHERE probability < {row['threshold']}")
        check(f"below {row['threshold']}", row["results"], below)
    bins = dict(database.execute(
        "SELECT greatest(0, ceil(probability * 20)::INT - 1), count(*) FROM results WHERE probability IS NOT NULL GROUP BY 1"
    ).fetchall())
    check("histogram", summary["probabilityHistogram"], [bins.get(index, 0) for index in range(20)])
    if has_times:
        days = database.execute("SELECT written[:10], count(*) FROM results GROUP BY 1 ORDER BY 1").fetchall()
        check("days", [(row["day"], row["results"]) for row in summary["days"]], days)
        check("first", summary["firstWritten"], one("SELECT min(written) FROM results"))
        check("last", summary["lastWritten"], one("SELECT max(written) FROM results"))
    for column in ("s3Milliseconds", "endpointMilliseconds"):
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
            check(f"{name} of {column}", summary[column][name], one(f"SELECT quantile_disc({column}, {share}) FROM results"))
        check(f"maximum of {column}", summary[column]["maximum"], one(f"SELECT max({column}) FROM results"))
    doubts = database.execute("SELECT probability FROM results ORDER BY probability LIMIT 12").fetchall()
    check("least sure", [row["probability"] for row in summary["leastSure"]], [row[0] for row in doubts])
    return count
