import { PCMU } from './rtp.ts'

/** Where a party wants its sound, and under which number its keys travel. */
export interface MediaAddress {
  host: string
  port: number
  /** Payload type of telephone-event (RFC 4733). */
  eventType: number
}

/** Our offer or answer (RFC 4566): µ-law, keys, 20 ms packets, on loopback. */
export function writeSdp(port: number, { eventType = 101, version = 1 } = {}): string {
  return [
    'v=0', `o=phone ${port} ${version} IN IP4 127.0.0.1`, 's=phone', 'c=IN IP4 127.0.0.1', 't=0 0',
    `m=audio ${port} RTP/AVP ${PCMU} ${eventType}`,
    `a=rtpmap:${PCMU} PCMU/8000`, `a=rtpmap:${eventType} telephone-event/8000`, `a=fmtp:${eventType} 0-16`,
    'a=ptime:20', 'a=sendrecv', '',
  ].join('\r\n')
}

/** Reads the other side's description; undefined if it has no µ-law sound for us. */
export function parseSdp(text: string): MediaAddress | undefined {
  const [session = '', media = ''] = text.split(/^(?=m=audio )/m)
  const line = /^m=audio (\d+) RTP\/S?AVPF? ([\d ]+)/.exec(media)
  if (line === null || line[1] === '0' || !line[2]!.split(' ').includes(String(PCMU))) return undefined
  const host = /^c=IN IP4 (\S+)/m.exec(media)?.[1] ?? /^c=IN IP4 (\S+)/m.exec(session)?.[1]
  if (host === undefined) return undefined
  const eventType = Number(/^a=rtpmap:(\d+) telephone-event\/8000/mi.exec(media)?.[1] ?? 101)
  return { host, port: Number(line[1]), eventType }
}
