// Each call to AWS on one axis of time: a table for those who listen, bars for those who look.

import {bytes, element, milliseconds} from "./dom.js"

// 412 answers the condition of a PutObject: there is already a result.
const isFailed = (call) => call.status === undefined || (call.status >= 400 && call.status !== 412)

const kinds = {GetObject: "read", HeadObject: "read", InvokeEndpoint: "infer", PutObject: "write"}

export function timeline(record) {
  const init = record.init ?? 0
  const end = Math.max(record.duration, ...record.calls.map((call) => call.end ?? record.duration), 0.001)
  const span = init + end
  const place = (from, to) => ({
    "margin-left": `${((from + init) / span) * 100}%`, width: `${Math.max(0.4, ((to - from) / span) * 100)}%`,
  })
  const row = (kind, name, detail, status, from, to, isOpen) => element("tr", {class: kind},
    element("th", {scope: "row"}, name, detail ? element("span", {class: "detail"}, detail) : null),
    element("td", {class: "status"}, status),
    element("td", {class: "chart", "aria-hidden": "true"}, element("span", {class: "span", style: place(from, to)})),
    element("td", {class: "time"}, isOpen ? "no answer" : milliseconds(to - from)))
  const rows = record.calls.map((call) => {
    const size = call.operation === "PutObject" || call.operation === "InvokeEndpoint" ? call.requestBytes : call.responseBytes
    const isOpen = call.status === undefined
    return row(`call ${kinds[call.operation] ?? "read"}${isFailed(call) ? " bad" : ""}`, call.operation,
      `${call.resource}, ${bytes(size)}`,
      isOpen ? "—" : `${call.status}${call.isInjected ? " (fault)" : ""}`, call.start, call.end ?? end, isOpen)
  })
  if (record.init !== undefined) rows.unshift(row("init", "Init", "start of the environment", "", -init, 0))
  rows.push(row("whole", "Invocation", "from the event to the answer", "", 0, record.duration))
  return element("section", {class: "card", "aria-labelledby": "timeline-title"},
    element("h3", {id: "timeline-title"}, "Calls to AWS"),
    element("table", {class: "timeline"},
      element("thead", {}, element("tr", {},
        ...["Call", "Status"].map((title) => element("th", {scope: "col"}, title)),
        element("td", {}), element("th", {scope: "col", class: "time"}, "Time"))),
      element("tbody", {}, ...rows)),
    element("p", {class: "hint"}, sentence(record)))
}

function sentence(record) {
  if (!record.calls.length) {
    return record.isAWS ? "With --aws the calls go to AWS directly and are not recorded here."
      : "The function made no call."
  }
  const own = Math.max(0, record.duration - covered(record))
  const pauses = record.calls.some(isFailed) ? ", pauses before retries included" : ""
  return `The function itself took ${milliseconds(own)} of ${milliseconds(record.duration)}${pauses}; the rest is waiting for AWS.`
}

// The time in which at least one call was open.
function covered(record) {
  let sum = 0
  let until = 0
  for (const call of [...record.calls].sort((a, b) => a.start - b.start)) {
    const end = Math.min(call.end ?? record.duration, record.duration)
    sum += Math.max(0, end - Math.max(call.start, until))
    until = Math.max(until, end)
  }
  return sum
}
