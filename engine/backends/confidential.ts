import { isIP } from 'node:net'

/**
 * Whether nobody on the way can read what is sent to this address: it is encrypted, or does not leave the machine.
 * `localhost` is this machine (RFC 6761 §6.3); what cannot be read as an address is not confidential.
 */
export function isConfidential(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url.trim())
    if (protocol === 'https:') return true
    const loopback = hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
    return protocol === 'http:' && (hostname === 'localhost' || loopback)
  } catch {
    return false
  }
}
