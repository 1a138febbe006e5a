import * as orders from './commands.ts'
import { seconds, type HandOff } from './ends.ts'
import { CONTEXTS, RECORD_EXTENSION, VARIABLES } from './places.ts'

type Leaving = { context: string; exten: string; variables: [name: string, value: string][] }

/** Where in the dialplan an order sends a caller, and the variables that are set before. */
export function leaving(order: HandOff): Leaving {
  switch (order.type) {
    case 'queue': {
      const text = orders.summary(order.tell)
      return {
        context: CONTEXTS.queue,
        exten: order.queue,
        variables: [
          // `__`: the agent's channel gets it as well.
          [`__${VARIABLES.told}`, orders.toldJson(order.tell)],
          ...(text ? [['CALLERID(name)', text] as [string, string]] : []),
          [VARIABLES.wait, order.maxWait > 0 ? String(Math.ceil(order.maxWait / 1000)) : ''],
        ],
      }
    }
    case 'transfer':
      return {
        context: CONTEXTS.transfer,
        exten: order.to,
        variables: [[VARIABLES.ring, String(Math.ceil(order.ring / 1000))]],
      }
    case 'record':
      return {
        context: CONTEXTS.record,
        exten: RECORD_EXTENSION,
        // Kept at a hang-up (k); no beep of Asterisk's (q), whose sounds may not be there; `*` ends it (t).
        variables: [
          [VARIABLES.record, `${order.file.path}.wav`],
          [VARIABLES.silence, String(seconds(order.silence))],
          [VARIABLES.longest, String(seconds(order.longest))],
          [VARIABLES.recordOptions, order.end === '*' ? 'kqt' : 'kq'],
        ],
      }
  }
}
