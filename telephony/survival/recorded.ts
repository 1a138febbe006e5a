import { KEPT, safe } from './extension.ts'

/** A message that a caller has left in survival, told from the name of its file. */
export type Recorded = {
  /** The name of the recording, without ending. */
  recording: string
  hotline: string
  box: string
  language: string
  /** As the network gave it; empty when withheld. */
  caller: string
  /** Asterisk's id of the call. */
  call: string
  /** When the call came in, in milliseconds since 1970. */
  at: number
}

/** Whose message it is, in which language, and the folder of recordings as Asterisk sees it. */
type Message = { folder: string; hotline: string; box: string; language: string }

/** What of a hotline's and of a box's name stands in a file's: that has room for 120 characters. */
const most = 24

/**
 * Where a message is recorded to, with what Asterisk fills in: `survival.hHOTLINE.bBOX.lLANGUAGE.cNUMBER.CALL-0.wav`.
 * It is a name as the engine gives them, in which `_` and `+` cannot stand: `.-` and `p` are written for them.
 */
export function recordingPath({ folder, hotline, box, language }: Message): string {
  const part = (text: string): string => safe(text, /^[A-Za-z0-9_-]+$/).slice(0, most).replaceAll('_', '.-')
  const path = safe(folder.replace(/\/$/, ''), /^\/[\p{L}\p{N} _./+-]*$/u)
  const from = `\${STRREPLACE(${KEPT.from},+,p):0:17}`
  return `${path}/survival.h${part(hotline)}.b${part(box)}.l${part(language)}.c${from}.\${UNIQUEID}-0.wav`
}

/** What a file in the folder of recordings tells; undefined when it was not recorded in survival. */
export function readRecorded(file: string): Recorded | undefined {
  const part = '((?:[A-Za-z0-9-]|\\.-)+)'
  const id = '((?:[\\w-]*-)?(\\d+)\\.\\d+)'
  const form = new RegExp(`^survival\\.h${part}\\.b${part}\\.l${part}\\.c(p?\\d*)\\.${id}-0\\.wav$`)
  const [, hotline, box, language, caller, call, seconds] = form.exec(file) ?? []
  if (hotline === undefined) return undefined
  const named = (text: string | undefined): string => text!.replaceAll('.-', '_')
  return {
    recording: file.slice(0, -'.wav'.length),
    hotline: named(hotline), box: named(box), language: named(language),
    caller: caller!.replace('p', '+'), call: call!, at: Number(seconds) * 1000,
  }
}
