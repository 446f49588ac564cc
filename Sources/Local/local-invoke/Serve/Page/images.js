// The pictures of an invocation, and their classes as bars.

import {call, query} from "./api.js"
import {element, percent} from "./dom.js"

const shownClasses = 5
let addresses = []

// Frees the pictures of the invocation before.
function release() {
  addresses.forEach(URL.revokeObjectURL)
  addresses = []
}

function address(blob) {
  const made = URL.createObjectURL(blob)
  addresses.push(made)
  return made
}

// Nothing when the invocation had no image.
export function images(record) {
  release()
  const list = record.images.length || record.caller.status === undefined ? record.images : [{classes: []}]
  return element("div", {class: "images"}, ...list.map((image) => figure(image, record)))
}

function figure(image, record) {
  const name = image.key ?? image.name ?? "the photograph in the request"
  const place = element("div", {class: "picture"})
  show(place, image, record, name)
  return element("figure", {class: image.classes.length ? "image" : "image bare"}, place, bars(image.classes),
    element("figcaption", {}, image.bucket ? `s3://${image.bucket}/${image.key}` : image.name ?? "Request body"))
}

async function show(place, image, record, name) {
  try {
    const blob = image.bucket
      ? await (await call("GET", `object?${query({bucket: image.bucket, key: image.key})}`)).blob()
      : requestBody(record.event)
    if (!blob || !blob.type.startsWith("image/")) throw new Error("no picture")
    place.append(element("img", {src: address(blob), alt: `Photograph: ${name}`}))
  } catch {
    place.append(element("p", {class: "hint"}, "No picture on this machine"))
  }
}

// The photograph in an HTTP event.
function requestBody(text) {
  const event = JSON.parse(text)
  if (!event.isBase64Encoded) return null
  const data = Uint8Array.from(atob(event.body), (character) => character.charCodeAt(0))
  return new Blob([data], {type: data[0] === 0xff ? "image/jpeg" : data[0] === 0x89 ? "image/png" : ""})
}

function bars(classes) {
  if (!classes.length) return null
  const bar = (each) => element("li", {},
    element("span", {class: "name"}, each.class),
    each.probability === undefined ? null : element("span", {class: "value"}, percent(each.probability)),
    element("span", {class: "track", "aria-hidden": "true"},
      element("span", {class: "fill", style: {width: `${Math.min(100, Math.max(0, (each.probability ?? 0) * 100))}%`}})))
  const rest = classes.slice(shownClasses)
  return element("div", {class: "classes"},
    element("ol", {class: "bars", "aria-label": "Classes"}, ...classes.slice(0, shownClasses).map(bar)),
    rest.length ? element("details", {},
      element("summary", {}, `${rest.length} more classes`),
      element("ol", {class: "bars small", start: shownClasses + 1, "aria-label": "More classes"}, ...rest.map(bar))) : null)
}
