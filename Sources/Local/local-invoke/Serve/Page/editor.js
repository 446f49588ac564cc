// The exact event, to edit and to send again. Very long strings, such as a photograph in base64, are folded: an editor
// with megabytes is slow, and nobody reads them.

import {copyButton, element} from "./dom.js"

const longest = 4000

// The end of the string literal that begins at `start`.
function stringEnd(text, start) {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1
  return at
}

function fold(text) {
  const kept = []
  let folded = ""
  let from = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const end = stringEnd(text, at)
    if (end - at > longest) {
      kept.push(text.slice(at, end + 1))
      folded += `${text.slice(from, at)}"⟨${(end - at - 1).toLocaleString("en-US")} characters, kept: ${kept.length}⟩"`
      from = end + 1
    }
    at = end + 1
  }
  return {folded: folded + text.slice(from), kept}
}

const unfold = (text, kept) =>
  text.replace(/"⟨[0-9,]+ characters, kept: ([0-9]+)⟩"/g, (whole, number) => kept[number - 1] ?? whole)

export function editor(record, replay) {
  const {folded, kept} = fold(record.event)
  const area = element("textarea", {id: "event-text", spellcheck: "false", autocomplete: "off", rows: "14",
    "aria-describedby": "event-hint"})
  area.value = folded
  const send = () => replay(unfold(area.value, kept))
  const problem = element("p", {class: "problem", role: "alert", hidden: true})
  area.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Enter" && (pressed.ctrlKey || pressed.metaKey)) send()
  })
  area.addEventListener("input", () => { problem.hidden = true })
  const format = () => {
    try {
      area.value = JSON.stringify(JSON.parse(area.value), null, 2)
    } catch (error) {
      problem.textContent = `This is not JSON: ${error.message}`
      problem.hidden = false
    }
  }
  return element("section", {class: "card", "aria-labelledby": "event-label"},
    element("div", {class: "card-head"},
      element("h3", {}, element("label", {for: "event-text", id: "event-label"}, "Event")),
      element("div", {class: "row"},
        copyButton(() => unfold(area.value, kept), "the event"),
        element("button", {class: "quiet", onclick: format}, "Format"),
        element("button", {class: "primary", id: "replay", onclick: send}, "Replay"))),
    area, problem,
    element("p", {class: "hint", id: "event-hint"}, "Edit it, then Replay, or press Ctrl+Enter."))
}
