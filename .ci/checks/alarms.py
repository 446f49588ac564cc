"""Which of the template's alarms see a version that fails every image, by the metrics that runs of it really emit.

usage: alarms.py PROGRAM

Then each alarm is removed, and each threshold is raised out of reach: this must be noticed.
"""

import copy
import json
import sys
import time

from alarms_evaluator import Metrics, is_raised
from alarms_runs import Run, environment
from template_model import ASYNCHRONOUS, EVERYTHING, EXISTING, REQUIRED, STACK, of_type, render
from template_test import DRAWN, alarms_of_the_deployment

QUEUE = {**REQUIRED, "EventDelivery": "queue"}
HTTP = {**REQUIRED, "FunctionUrl": "true", "AllowObjectInput": "true"}
# An asynchronous endpoint, whose results are only logged.
QUEUED_ELSEWHERE = {**REQUIRED, "EndpointKind": "asynchronous", "AsyncBucketName": "dog-replies"}
EVERY_IMAGE = {("endpoint", ""): 500}


def event(name):
    with open(f"events/{name}.json") as file:
        return json.load(file)


# Name: parameters, faults, how the event is delivered, the event, and exactly the alarms that must be raised.
RUNS = {
    "S3, the endpoint fails": (
        REQUIRED, EVERY_IMAGE, Run.asynchronous, "s3", {"ErrorsAlarm", "FailuresAlarm", "FailureQueueAlarm"}),
    "S3, no permission to read": (
        REQUIRED, {("s3", ""): 403}, Run.asynchronous, "s3", {"ErrorsAlarm", "FailuresAlarm", "FailureQueueAlarm"}),
    "EventBridge, the endpoint fails": (
        EXISTING, EVERY_IMAGE, Run.asynchronous, "eventbridge", {"ErrorsAlarm", "FailuresAlarm", "FailureQueueAlarm"}),
    "queue, every message fails": (
        QUEUE, EVERY_IMAGE, Run.queued, "sqs-two-messages",
        {"ErrorsAlarm", "FailuresAlarm", "FailedMessagesAlarm", "ImageDeadLetterQueueAlarm"}),
    "HTTP, the endpoint fails": (
        HTTP, EVERY_IMAGE, Run.http, "function-url-json", {"FailuresAlarm", "UrlErrorsAlarm"}),
    "HTTP, no permission to read": (
        HTTP, {("s3", ""): 403}, Run.http, "function-url-json", {"FailuresAlarm", "UrlErrorsAlarm"}),
    "the process does not start": (
        {**REQUIRED, "ClassLabelsFile": "absent.txt"}, {}, Run.start_only, None, {"ErrorsAlarm"}),
    "HTTP, callers name objects that do not exist": (HTTP, {("s3", ""): 404}, Run.http, "function-url-json", set()),
    "asynchronous, an inference failed": (
        QUEUED_ELSEWHERE, {}, Run.asynchronous, "async-failed", {"ErrorsAlarm", "FailuresAlarm", "FailureQueueAlarm"}),
    "asynchronous, an inference succeeded": (QUEUED_ELSEWHERE, {}, Run.asynchronous, "async-completed", set()),
    "S3, nothing fails": (REQUIRED, {}, Run.asynchronous, "s3", set()),
    "queue, nothing fails": (QUEUE, {}, Run.queued, "sqs-two-messages", set()),
    "HTTP, nothing fails": (HTTP, {}, Run.http, "function-url-json", set()),
}
# With LogLevel WARN the metrics of the function must pass Lambda's filter.
QUIET = "queue, every message fails"

FUNCTION, ALIAS = {"FunctionName": STACK}, {"FunctionName": STACK, "Resource": f"{STACK}:live"}
OF_ENDPOINT = {"EndpointName": REQUIRED["EndpointName"]}
VARIANT = {**OF_ENDPOINT, "VariantName": "AllTraffic"}
# Metrics that only AWS emits, as documented: alarm, metric, data points of consecutive periods that raise it, and that
# do not. No run of the function can show more than that the alarm reads what the documentation names.
CONSTRUCTED = [
    ("ThrottlesAlarm", REQUIRED, ("AWS/Lambda", "Throttles", ALIAS, 60), [1, 1, 0, 0, 1], [1, 1, 0, 0, 0, 1]),
    ("DurationAlarm", REQUIRED, ("AWS/Lambda", "Duration", ALIAS, 60), [24_001], [24_000]),
    ("SpilloverAlarm", {**REQUIRED, "ProvisionedConcurrency": "2"},
     ("AWS/Lambda", "ProvisionedConcurrencySpilloverInvocations", ALIAS, 60), [1, 1, 1], [1, 1]),
    ("QueueAgeAlarm", QUEUE, ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "ImageQueue-QueueName"}, 60),
     [900], [899]),
    ("DestinationFailuresAlarm", REQUIRED, ("AWS/Lambda", "DestinationDeliveryFailures", FUNCTION, 60), [1], [0]),
    ("DeadLetterErrorsAlarm", REQUIRED, ("AWS/Lambda", "DeadLetterErrors", FUNCTION, 60), [1], [0]),
    ("UndeliveredEventsAlarm", EXISTING,
     ("AWS/Events", "InvocationsFailedToBeSentToDlq", {"RuleName": "UploadRule"}, 60), [1], [0]),
    ("EndpointErrorsAlarm", REQUIRED, ("AWS/SageMaker", "Invocation5XXErrors", VARIANT, 60), [1], [0]),
    # Microseconds.
    ("ModelLatencyAlarm", REQUIRED, ("AWS/SageMaker", "ModelLatency", VARIANT, 300), [2_000_001], [2_000_000]),
    ("FailureQueueAlarm", QUEUE, ("AWS/SQS", "ApproximateNumberOfMessagesVisible",
                                  {"QueueName": "FailureQueue-QueueName"}, 300), [1], [0]),
    ("AsyncFromZeroAlarm", ASYNCHRONOUS, ("AWS/SageMaker", "HasBacklogWithoutCapacity", OF_ENDPOINT, 60), [0, 1, 1], [1, 0, 1]),
    ("AsyncBacklogAgeAlarm", ASYNCHRONOUS, ("AWS/SageMaker", "ApproximateAgeOfOldestRequest", OF_ENDPOINT, 60), [1800], [1799]),
    *((f"Async{name}Alarm", ASYNCHRONOUS, ("AWS/SageMaker", metric, VARIANT, 60), [1], [0]) for name, metric in (
        ("ExpiredRequests", "ExpiredRequests"), ("DownloadFailures", "RequestDownloadFailures"),
        ("UploadFailures", "ResponseUploadFailures"), ("NotificationFailures", "NotificationFailures"))),
    *(("AsyncUndeliveredResultsAlarm", ASYNCHRONOUS, ("AWS/SNS", "NumberOfNotificationsFailedToRedriveToDlq",
                                                      {"TopicName": f"Async{topic}Topic-TopicName"}, 60), [1], [0])
      for topic in ("Success", "Error")),
]


def alarms_of(rendered):
    return {name: each["Properties"] for name, each in of_type(rendered, "AWS::CloudWatch::Alarm").items()}


def raised(alarms, metrics):
    return {name for name, alarm in alarms.items() if is_raised(alarm, metrics)}


def run(program, name, level="INFO"):
    """The metrics of a run, with the names of those that the function emitted."""
    parameters, faults, deliver, event_name, _ = RUNS[name]
    one = Run(program, STACK, environment(render(parameters)), faults, level)
    try:
        deliver(one, *([event(event_name)] if event_name else []))
    finally:
        lines = one.finish()
    if event_name and not one.names and level == "INFO":
        raise SystemExit(f"{name}: the function printed no metrics: {lines}")
    return one


def constructed(metric, values):
    namespace, name, dimensions, period = metric
    metrics, now = Metrics(), time.time() // period * period
    for number, value in enumerate(values):
        metrics.add(namespace, name, dimensions, now + number * period, [value])
    return metrics


def problems(runs, change=lambda alarms: alarms, is_told=False):
    """What is wrong with the alarms as `change` leaves them."""
    found = []
    for name, one in runs.items():
        parameters, faults, _, _, expected = RUNS[name.removesuffix(" (LogLevel WARN)")]
        rendered = render(parameters)
        alarms = change(alarms_of(rendered))
        seen = raised(alarms, one.metrics)
        rolls_back = seen & alarms_of_the_deployment(rendered)
        if is_told:
            print(f"  {name:46} {', '.join(sorted(seen)) or 'none'}; rolls back: {', '.join(sorted(rolls_back)) or 'no'}")
        if seen != expected:
            found.append(f"{name}: raised {sorted(seen)}, expected {sorted(expected)}")
        if expected and not rolls_back:
            found.append(f"{name}: no alarm of the deployment is raised")
    for name, parameters, metric, raising, silent in CONSTRUCTED:
        alarms = change(alarms_of(render(parameters)))
        for values, expected in ((raising, True), (silent, False)):
            if (name in raised(alarms, constructed(metric, values))) != expected:
                found.append(f"{name}: {metric[1]} {values} must {'' if expected else 'not '}raise it")
    return found


def without(name):
    return lambda alarms: {other: alarm for other, alarm in alarms.items() if other != name}


def altered(name, **properties):
    def change(alarms):
        alarms = copy.deepcopy(alarms)
        if name in alarms:
            alarms[name].update(properties)
        return alarms

    return change


def without_metric(name, identifier):
    def change(alarms):
        alarms = copy.deepcopy(alarms)
        if name in alarms:
            alarms[name]["Metrics"] = [each for each in alarms[name]["Metrics"] if each["Id"] != identifier]
        return alarms

    return change


def main(program):
    runs = {name: run(program, name) for name in RUNS}
    runs[f"{QUIET} (LogLevel WARN)"] = run(program, QUIET, "WARN")
    found = problems(runs, is_told=True)
    names = set().union(*(one.names for one in runs.values()))
    totals = {name for name in names if "." not in name}
    found += [f"the dashboard does not draw {name}" for name in totals - DRAWN]
    if found:
        sys.exit("\n".join(found))
    every = set().union(*(alarms_of(render(each)) for each in (EVERYTHING, EXISTING, ASYNCHRONOUS)))
    mutants = {f"without {name}": without(name) for name in every}
    mutants |= {f"{name} out of reach": altered(name, Threshold="1e12") for name in every}
    mutants["another metric's name"] = altered("FailuresAlarm", MetricName="Failure")
    mutants["another dimension"] = altered("ErrorsAlarm", Dimensions=[{"Name": "FunctionName", "Value": "other"}])
    mutants["one topic alone"] = without_metric("AsyncUndeliveredResultsAlarm", "error")
    mutants["five minutes in a row"] = altered("FailuresAlarm", EvaluationPeriods=5)
    unnoticed = [name for name, change in mutants.items() if not problems(runs, change)]
    if unnoticed:
        sys.exit(f"not noticed: {unnoticed}")
    print(f"{len(runs)} runs raise what they must; metrics that only AWS emits are constructed: {len(CONSTRUCTED)}; "
          f"{len(mutants)} broken sets of alarms noticed")


if __name__ == "__main__":
    main(*sys.argv[1:])
