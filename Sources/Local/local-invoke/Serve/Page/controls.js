// Photographs, example events, faults, and variables.

import {read} from "./api.js"
import {element, find, options} from "./dom.js"

let state

export function setUp(first, actions) {
  state = first
  options(find("#source"), state.sources)
  options(find("#event-file"), state.events.map((name) => ({id: name, title: name})))
  options(find("#fault"), state.faults)
  find("#events-section").hidden = state.events.length === 0
  find("#sample").parentElement.hidden = state.events.length === 0
  find("#fault-settings").hidden = state.isAWS
  find("#result-bucket").textContent = state.resultBucket
  find("#variable-list").append(...state.variables.map(variable))
  showSettings()
  photographs(actions.photograph)
  find("#send-event").addEventListener("click", () => actions.event(find("#event-file").value))
  find("#sample").addEventListener("click", () => actions.event(state.events[0]))
  for (const id of ["#fault", "#first-only"]) find(id).addEventListener("change", () => save(actions))
  find("#store").addEventListener("change", () => {
    find("#variable-RESULT_BUCKET").value = find("#store").checked ? state.resultBucket : ""
    save(actions)
  })
  find("#apply").addEventListener("click", () => save(actions))
  find("#reset").addEventListener("click", () => {
    for (const input of inputs()) input.value = state.variables.find((each) => each.name === input.name).value
    save(actions)
  })
  find("#restart").addEventListener("click", async () => {
    await actions.attempt(async () => actions.changed(await read("POST", "restart"), "The next invocation is a cold start."))
  })
}

function variable({name, value, change}) {
  const input = element("input", {id: `variable-${name}`, name, value: change ?? value, autocomplete: "off",
    spellcheck: "false"})
  return element("div", {}, element("label", {for: input.id}, name), input)
}

const inputs = () => [...document.querySelectorAll("#variable-list input")]

// Changed on the page, against the start.
function changes() {
  const changed = {}
  for (const input of inputs()) {
    if (input.value !== state.variables.find((each) => each.name === input.name).value) changed[input.name] = input.value
  }
  return changed
}

async function save(actions) {
  await actions.attempt(async () => {
    const settings = {variables: changes(), fault: find("#fault").value || null, isFirstCallOnly: find("#first-only").checked}
    state = await read("PUT", "settings", JSON.stringify(settings))
    showSettings()
    actions.changed(state, "The settings apply from the next invocation on.")
  })
}

function showSettings() {
  find("#fault").value = state.fault ?? ""
  find("#first-only").checked = state.isFirstCallOnly ?? false
  find("#first-only").disabled = !state.fault
  find("#fault").classList.toggle("active", Boolean(state.fault))
  find("#store").checked = find("#variable-RESULT_BUCKET").value !== ""
  const count = Object.keys(changes()).length
  find("#changed-count").textContent = `${count} changed`
  find("#changed-count").hidden = count === 0
}

// From the chooser, a drop anywhere on the page, or the clipboard.
function photographs(send) {
  const veil = find("#veil")
  const file = find("#file")
  file.addEventListener("change", async () => {
    await send([...file.files])
    file.value = ""
  })
  let depth = 0
  document.addEventListener("dragenter", () => { depth += 1; veil.hidden = false })
  document.addEventListener("dragleave", () => { depth -= 1; veil.hidden = depth > 0 ? veil.hidden : true })
  document.addEventListener("dragover", (event) => event.preventDefault())
  document.addEventListener("drop", (event) => {
    event.preventDefault()
    depth = 0
    veil.hidden = true
    send([...event.dataTransfer.files])
  })
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files]
    if (files.length) send(files)
  })
}
