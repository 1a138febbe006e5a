/** What Callwright refused, in its own words. `status` 0: it did not answer at all. */
export class Refused extends Error {
  constructor(status, error, whatToDo) {
    super(`${error} ${whatToDo}`)
    this.status = status
  }
}

/** Asks Callwright for something; JSON in, JSON out. `lasting`: goes out even when the page is being left. */
export async function ask(method, path, body, { lasting = false } = {}) {
  const json = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(path, { method, keepalive: lasting, ...json }).catch(() => {
    throw new Refused(0, 'Callwright does not answer.', 'Is it running?')
  })
  if (answer.status === 204) return undefined
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Refused(answer.status, said.error ?? 'This went wrong.', said['what-to-do'] ?? '')
  return said
}
