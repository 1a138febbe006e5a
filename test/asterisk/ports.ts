import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which the kernel hands out ports (32768 on), so that nobody gets ours meanwhile. */
const LOWEST = 10_000
const HIGHEST = 32_000

/** A port of 127.0.0.1 on which nobody listens now. */
export async function freePort(protocol: 'udp' | 'tcp'): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(protocol, port)) return port
  }
  throw new Error(`no free ${protocol} port found between ${LOWEST} and ${HIGHEST}`)
}

/**
 * First port of a range of `count` for RTP, even as RFC 3550 §11 wants. Not checked one by one:
 * Asterisk passes over a port that is taken.
 */
export function rtpRange(count: number): { first: number, last: number } {
  const first = LOWEST + 2 * Math.floor((Math.random() * (HIGHEST - LOWEST - count)) / 2)
  return { first, last: first + count - 1 }
}

async function isFree(protocol: 'udp' | 'tcp', port: number): Promise<boolean> {
  try {
    if (protocol === 'tcp') {
      const server = createServer().listen(port, '127.0.0.1')
      await once(server, 'listening')
      server.close()
    } else {
      const socket = createSocket('udp4')
      socket.bind(port, '127.0.0.1')
      await once(socket, 'listening')
      socket.close()
    }
    return true
  } catch {
    return false
  }
}
