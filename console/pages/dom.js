/** The element with this id. */
export const byId = (id) => document.getElementById(id)

/**
 * A new element. Text comes in as text and nothing else, so nothing that a stranger sends can become markup.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} content
 */
export function el(tag, attributes = {}, ...content) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...content)
  return node
}

/** Milliseconds as `1:05`. */
export function minutes(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** What the agent sees, as a list of names and values. */
export function toldList(tell) {
  const list = el('dl', { class: 'told' })
  for (const [name, value] of Object.entries(tell)) {
    list.append(el('div', {}, el('dt', {}, name.replaceAll('_', ' ')), el('dd', {}, value || '–')))
  }
  return list
}
