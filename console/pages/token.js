import { ask } from './api.js'
import { byId } from './dom.js'

/** Gets the token from the address (`#token=...`, which never reaches a server or its log), else from the person. */
export async function fetchToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given) {
    history.replaceState(null, '', location.pathname)
    if (await accepted(given)) return
  }
  const dialog = byId('token')
  if (dialog.open) return
  dialog.showModal()
  // Without the token there is nothing behind the question.
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  await new Promise((done) => {
    dialog.querySelector('form').onsubmit = async (event) => {
      event.preventDefault()
      const good = await accepted(byId('token-text').value.trim())
      byId('token-wrong').hidden = good
      if (good) done()
    }
  })
  byId('token-text').value = ''
  dialog.close()
}

async function accepted(token) {
  return ask('POST', '/api/session', { token }).then(() => true, () => false)
}
