// Elements from data. Text is only ever set as text; nothing here becomes HTML.

export const find = (selector) => document.querySelector(selector)

// element("p", {class: "hint", onclick: f}, "text", otherElement)
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value)
    else if (name === "style") for (const [key, text] of Object.entries(value)) made.style.setProperty(key, text)
    else made.setAttribute(name, value === true ? "" : value)
  }
  made.append(...children.filter((child) => child !== undefined && child !== null))
  return made
}

export const milliseconds = (value) =>
  `${value >= 1000 ? Math.round(value).toLocaleString("en-US") : value.toFixed(value < 10 ? 2 : 1)} ms`

export const bytes = (count) =>
  count < 1000 ? `${count}\u00a0B` : count < 1e6 ? `${(count / 1000).toFixed(1)}\u00a0kB` : `${(count / 1e6).toFixed(1)}\u00a0MB`

export const percent = (probability) => `${(probability * 100).toFixed(probability < 0.0995 ? 2 : 1)} %`

export const clock = (epochMilliseconds) => new Date(epochMilliseconds).toLocaleTimeString("en-GB")

// A button that copies; it says so.
export function copyButton(text, what) {
  const button = element("button", {class: "quiet", "aria-label": `Copy ${what}`, onclick: async () => {
    await navigator.clipboard.writeText(text())
    button.textContent = "Copied"
    setTimeout(() => { button.textContent = "Copy" }, 1500)
  }}, "Copy")
  return button
}

export function options(select, entries) {
  select.append(...entries.map(({id, title}) => element("option", {value: id}, title)))
}
