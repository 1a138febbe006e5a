import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDialplan } from '../telephony/dialplan.ts'
import { startAsterisk, type Asterisk } from '../test/asterisk/asterisk.ts'
import { provision } from '../test/asterisk/provision.ts'
import { Phone } from '../test/phone/phone.ts'
import { quiet } from '../test/quiet.ts'
import { EngineChild } from './engine-child.ts'
import { NUMBERS, ringDialplan } from './flow.ts'
import { KnownPackets, makePrompts } from './prompts.ts'

const secret = 'for-measuring-on-loopback'

/** What is measured, and what with: Asterisk, the engine, and the phones of this process. */
export type Bed = {
  asterisk: Asterisk
  version: string
  engine: EngineChild
  phone: Phone
  packets: KnownPackets
  close(): Promise<void>
}

/** Sets everything up on loopback. Asterisk logs no step of the dialplan, as one in production. */
export async function setUp(): Promise<Bed> {
  const installation = await provision((line) => console.error(line))
  if ('none' in installation) throw new Error(`there is no Asterisk to measure: ${installation.none}`)
  const folder = mkdtempSync(join(tmpdir(), 'callwright-bench-'))
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const step of undo.reverse()) await step()
  }
  try {
    const files = await makePrompts(folder, quiet)
    const written = writeDialplan({
      hotlines: [{ name: 'bench', numbers: [NUMBERS.callwright], queues: ['nobody'] }],
      ami: { user: 'callwright', secret },
    })
    const asterisk = await startAsterisk(installation, {
      config: {
        'extensions.conf': `${written['extensions.conf']}\n${ringDialplan(files)}`,
        'manager.conf': written['manager.conf']!,
      },
    })
    undo.push(() => asterisk.stop())
    await asterisk.writeConfig('logger.conf', '[general]\n[logfiles]\nfull => notice,warning,error\n')
    await asterisk.cli('logger reload')
    const engine = await EngineChild.start(asterisk.ami.port, secret, folder)
    undo.push(() => engine.stop())
    const phone = await Phone.open({ server: asterisk.sip })
    undo.push(() => phone.close())
    return { asterisk, version: installation.version, engine, phone, packets: await KnownPackets.of(files), close }
  } catch (error) {
    await close()
    throw error
  }
}
