// The calls of the page. The token is in the address that local-invoke prints, behind the #.

const storageKey = "local-invoke-token"
let token = ""

export class Problem extends Error {
  constructor(message, status) {
    super(message)
    this.status = status
  }
}

// Takes the token from an address; false if it has none.
export function takeToken(address) {
  const found = /#?([0-9a-f]{32})$/.exec(address.trim())
  if (!found) return false
  token = found[1]
  localStorage.setItem(storageKey, token)
  return true
}

// Takes the token of an earlier visit; false if there was none.
export function recallToken() {
  token = localStorage.getItem(storageKey) ?? ""
  return token !== ""
}

export async function call(method, path, body) {
  let response
  try {
    response = await fetch(`/_page/${path}`, {method, body, headers: {"X-Page-Token": token}, cache: "no-store"})
  } catch {
    throw new Problem("local-invoke does not answer. It has probably ended: start it again, and open its new address.", 0)
  }
  if (!response.ok) throw new Problem((await response.text()).trim(), response.status)
  return response
}

export const read = async (method, path, body) => (await call(method, path, body)).json()

export const query = (values) =>
  Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")
