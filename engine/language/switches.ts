import { z } from 'zod'
import { isName } from '../expressions/cel.ts'
import { mapping } from '../steps/fields.ts'

// Read in conditions as `switches.outage`, where a hyphen would be a minus.
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'a switch is named with small letters, digits and _; write for instance large_outage')
  .refine(isName, 'this name means something already; write for instance large_outage')

const purpose = 'must say what it is for; write for instance Large outage announcement'

const one = mapping(
  {
    for: z
      .string({ error: purpose })
      .trim()
      .min(1, purpose)
      .max(80, 'must be 80 characters or fewer; leave some words out')
      .describe('What it is for, as people see it who turn it.'),
    starts: z
      .enum(['on', 'off'], { error: 'must be on or off; write starts: on' })
      .default('off')
      .describe('How it stands until somebody turns it. Default: `off`.'),
  },
  'write { for: Large outage announcement }',
)

/** `switches:` in the head of a hotline. */
export const switches = z
  .record(name, one, { error: 'must be a mapping; write { outage: { for: Large outage announcement } }' })
  .describe('What is turned on and off while the hotline runs, by name: conditions read `switches.NAME`.')
