// One invocation: verdict, pictures, calls, what the caller gets, event, answer, log.

import {clock, copyButton, element, milliseconds} from "./dom.js"
import {editor} from "./editor.js"
import {images} from "./images.js"
import {timeline} from "./timeline.js"

const triggers = {page: "this page", invoke: "Invoke", functionURL: "the function URL"}

// What went wrong, from the error or from the body of an HTTP answer.
export function failure(record) {
  const answer = parsed(record.answer)
  if (record.errorType) {
    return {type: record.errorType, message: answer?.errorMessage ?? ""}
  }
  const returned = answer?.batchItemFailures?.length
  if (returned) return {type: `${returned} ${returned === 1 ? "message returns" : "messages return"} to the queue`, message: ""}
  const task = answer?.invocationSchemaVersion && answer.results.find((each) => each.resultCode !== "Succeeded")
  if (task) return {type: task.resultCode, message: task.resultString}
  const body = record.caller.body ? parsed(record.caller.body) : parsed(answer?.body)
  if (record.failed && body?.error) return {type: body.error.type, message: body.error.message}
  return record.failed ? {type: `Status ${answer?.statusCode ?? ""}`, message: ""} : null
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function heading(record) {
  const failed = failure(record)
  if (failed) return `Failed: ${failed.type}`
  return record.class ?? (record.caller.status ? `Status ${record.caller.status}` : "Succeeded")
}

export function result(record, replay) {
  const failed = failure(record)
  return element("article", {},
    element("header", {class: failed ? "verdict bad" : "verdict"},
      element("h2", {id: "verdict"}, heading(record)),
      failed?.message ? element("p", {class: "message"}, failed.message) : null,
      element("p", {class: "meta"},
        `Invocation ${record.number}, ${record.kind} event, by ${triggers[record.trigger]} at ${clock(record.milliseconds)}. `,
        "Request ID ", element("code", {}, record.requestId)),
      figures(record), changes(record)),
    images(record),
    timeline(record),
    caller(record),
    element("div", {class: "pair"}, editor(record, replay), answer(record)),
    stored(record),
    log(record))
}

function figures(record) {
  const figure = (name, value, kind) =>
    element("div", {class: kind}, element("dt", {}, name), element("dd", {}, value))
  return element("dl", {class: "figures"},
    figure("Environment", record.isCold ? "Cold start" : "Warm", record.isCold ? "cold" : "warm"),
    figure("Duration", milliseconds(record.duration)),
    record.init === undefined ? null : figure("Init", milliseconds(record.init)),
    figure("Billed", `${record.billed} ms`),
    figure("Memory", `${record.memory} MB`),
    record.fault ? figure("Fault", record.fault, "fault") : null)
}

function caller(record) {
  const {name, lines, status, headers, body} = record.caller
  return element("section", {class: "card", id: "caller", "aria-labelledby": "caller-title"},
    element("h3", {id: "caller-title"}, `What ${name} gets`),
    ...lines.map((line) => element("p", {}, line)),
    status === undefined ? null : block("Response",
      `HTTP ${status}\n${headers.map((each) => `${each.name}: ${each.value}`).join("\n")}\n\n${body}`))
}

// The variables that differed from those of the start.
function changes(record) {
  const changed = Object.entries(record.variables)
  return changed.length ? element("ul", {class: "changes", "aria-label": "Changed variables"},
    ...changed.map(([name, value]) => element("li", {}, element("code", {}, value === "" ? `${name} unset` : `${name}=${value}`))))
    : null
}

// Scrolls, so it must be reachable with the keyboard.
const block = (name, text, kind = "") =>
  element("pre", {class: kind, tabindex: "0", role: "region", "aria-label": name}, text)

function answer(record) {
  const text = block("Answer of the function", record.answer, "tall")
  const format = element("button", {class: "quiet", "aria-pressed": "false", onclick: () => {
    const isFormatted = format.getAttribute("aria-pressed") === "true"
    format.setAttribute("aria-pressed", String(!isFormatted))
    text.textContent = isFormatted ? record.answer : formatted(record.answer)
  }}, "Format")
  return element("section", {class: "card", "aria-labelledby": "answer-title"},
    element("div", {class: "card-head"}, element("h3", {id: "answer-title"}, "Answer"),
      element("div", {class: "row"}, copyButton(() => record.answer, "the answer"), format)),
    text)
}

// Indented, with the JSON text of a body as JSON.
function formatted(text) {
  const value = parsed(text)
  if (value === null) return text
  const body = parsed(value.body)
  return JSON.stringify(body === null ? value : {...value, body}, null, 2)
}

function stored(record) {
  if (!record.stored.length) return null
  return element("section", {class: "card", "aria-labelledby": "stored-title"},
    element("h3", {id: "stored-title"}, "Stored results"),
    ...record.stored.map((document) => element("details", {},
      element("summary", {}, element("code", {}, document.resource)), block("Stored result", document.text, "tall"))))
}

function log(record) {
  const kind = (line) =>
    /^(START|END|REPORT) /.test(line) ? "platform"
      : /"level":"(ERROR|FATAL)"|\t(ERROR|FATAL)\t|Task timed out/.test(line) ? "error"
        : /"level":"WARN"|\tWARN\t/.test(line) ? "warning" : "line"
  const lines = record.log.split("\n").filter((line) => line)
  return element("section", {class: "card", "aria-labelledby": "log-title"},
    element("div", {class: "card-head"},
      element("h3", {id: "log-title"}, "Log"), copyButton(() => record.log, "the log")),
    element("pre", {class: "log", tabindex: "0", role: "region", "aria-label": "Log lines"},
      ...lines.map((line) => element("span", {class: kind(line)}, `${line}\n`))))
}
