// The list of invocations; the newest is first.

import {clock, element, find, milliseconds} from "./dom.js"

const entries = new Map()
let current = 0

export const last = () => Math.max(0, ...entries.keys())

export function add(summary, open) {
  if (entries.has(summary.number)) return
  const state = summary.failed ? "failed" : "succeeded"
  const button = element("button", {class: `entry ${state}`, onclick: () => open(summary.number)},
    element("span", {class: "entry-title"}, summary.errorType ?? summary.failure ?? summary.class ?? (summary.failed ? "Failed" : "Succeeded")),
    element("span", {class: "entry-detail"},
      `${summary.kind}, ${milliseconds(summary.duration)}${summary.isCold ? ", cold" : ""}${summary.fault ? ", fault" : ""}`),
    element("span", {class: "entry-time"}, clock(summary.milliseconds)))
  button.setAttribute("aria-label",
    `Invocation ${summary.number}, ${state}: ${button.firstChild.textContent}, ${button.children[1].textContent}`)
  entries.set(summary.number, button)
  find("#history").prepend(element("li", {}, button))
  find("#no-history").hidden = true
  mark(current)
}

export function mark(number) {
  current = number
  for (const [each, button] of entries) {
    if (each === number) button.setAttribute("aria-current", "true")
    else button.removeAttribute("aria-current")
  }
}
