// Starts the page, sends events, and follows what other programs invoke.

import {call, Problem, query, read, recallToken, takeToken} from "./api.js"
import {setUp} from "./controls.js"
import {element, find} from "./dom.js"
import * as past from "./history.js"
import {heading, result} from "./result.js"

let state
let running = 0

async function start() {
  try {
    state = await read("GET", "state")
  } catch (error) {
    const isLocked = error.status === 403
    find("#locked").hidden = !isLocked
    // A first visit without a token is no mistake.
    if (!isLocked || find("#address").value) complain(error)
    return
  }
  find("#locked").hidden = true
  find("#layout").hidden = false
  find("#curl").textContent = `curl --data-binary @photograph.jpg ${location.origin}`
  showFacts()
  setUp(state, {photograph, event: example, changed, attempt})
  state.invocations.forEach((summary) => past.add(summary, open))
  if (past.last()) await open(past.last())
  document.body.dataset.ready = "true"
  follow()
}

find("#unlock").addEventListener("submit", (event) => {
  event.preventDefault()
  find("#alert").hidden = true
  if (takeToken(find("#address").value)) start()
  else complain(new Problem("This is not an address with a token: it ends with # and 32 characters."))
})

// The facts of the run; whose account it is comes later.
async function showFacts() {
  const facts = [
    state.isAWS ? element("li", {class: "fact account", id: "account"}, "Whose account? AWS is being asked")
      : element("li", {class: "fact"}, state.model),
    element("li", {class: "fact"}, `${state.region}, ${state.endpoint}`),
    element("li", {class: "fact"}, `${state.memoryMB} MB, ${state.timeoutSeconds} s`),
    element("li", {class: "fact", id: "warmth"}),
  ]
  find("#facts").replaceChildren(...facts)
  showWarmth(state.isWarm)
  if (!state.isAWS) return
  const {text} = await read("GET", "account")
  find("#account").textContent = `AWS: ${text}. Calls are billed.`
}

function showWarmth(isWarm) {
  const fact = find("#warmth")
  fact.textContent = isWarm ? "Environment is warm" : "Next is a cold start"
  fact.classList.toggle("warm", isWarm)
}

// MARK: Sending

async function photograph(files) {
  const problems = []
  for (const file of files) {
    await send(`Classifying ${file.name}`, async () => {
      try {
        // A folder, or a file that has gone: fetch would report it as a server that does not answer.
        const bytes = await file.arrayBuffer().catch(() => {
          throw new Problem("it cannot be read. Drop photographs, not folders.")
        })
        return await read("POST", `photograph?${query({name: file.name, as: find("#source").value})}`, bytes)
      } catch (error) {
        if (error instanceof Problem && error.status !== 0) problems.push(`${file.name}: ${error.message}`)
        throw error
      }
    })
  }
  // The next file would hide what was wrong with this one.
  if (problems.length) complain(new Problem(problems.join("\n")))
}

async function example(name) {
  await attempt(async () => {
    const text = await (await call("GET", `event?${query({name})}`)).text()
    await replay(text)
  })
}

const replay = (text) => send("Waiting for the answer", () => read("POST", "invoke", text))

async function send(title, request) {
  running += 1
  find("#result").setAttribute("aria-busy", "true")
  const began = performance.now()
  const tick = () => {
    const seconds = Math.floor((performance.now() - began) / 1000)
    find("#waiting-text").textContent = seconds ? `${title}: ${seconds} s of ${state.timeoutSeconds} s` : title
  }
  tick()
  const timer = setInterval(tick, 1000)
  find("#waiting").hidden = false
  await attempt(async () => show(await request()))
  clearInterval(timer)
  running -= 1
  if (!running) {
    find("#waiting").hidden = true
    find("#result").removeAttribute("aria-busy")
  }
}

// MARK: Showing

async function open(number) {
  await attempt(async () => show(await read("GET", `invocation?${query({number})}`)))
}

function show(record) {
  record.isAWS = state.isAWS
  past.add(record, open)
  past.mark(record.number)
  find("#empty").hidden = true
  find("#shown").hidden = false
  find("#shown").replaceChildren(result(record, replay))
  // On a narrow screen the controls are above it.
  if (find("#result").getBoundingClientRect().top > innerHeight) find("#result").scrollIntoView()
  document.title = `${heading(record)} – local-invoke`
  say(`${heading(record)}. ${record.isCold ? "Cold start" : "Warm"}, ${Math.round(record.duration)} milliseconds.`)
  showWarmth(true)
  document.body.dataset.shown = record.number
}

// Invocations of other programs appear by themselves.
async function follow() {
  for (;;) {
    try {
      const news = await read("GET", `news?${query({after: past.last()})}`)
      const foreign = news.invocations.filter((summary) => summary.trigger !== "page").at(-1)
      news.invocations.forEach((summary) => past.add(summary, open))
      if (foreign && !running) await open(foreign.number)
      showWarmth(news.isWarm)
    } catch (error) {
      return complain(error)
    }
  }
}

function changed(next, sentence) {
  state = next
  showWarmth(state.isWarm)
  say(sentence)
}

const say = (text) => { find("#status").textContent = text }

function complain(error) {
  find("#alert").textContent = error instanceof Problem ? error.message : `The page failed: ${error.message}`
  find("#alert").hidden = false
}

async function attempt(action) {
  find("#alert").hidden = true
  try {
    await action()
  } catch (error) {
    complain(error)
  }
}

if (!takeToken(location.hash)) recallToken()
if (location.hash) history.replaceState(null, "", location.pathname)
start()
