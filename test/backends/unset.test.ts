import assert from 'node:assert/strict'
import { Played, compiled } from '../calls/play.ts'

const flow = (url: string, headers: string): string => `hotline: Clinic
numbers: ["100"]
timezone: UTC
backends: { clinic: { url: "${url}", headers: { ${headers} } } }
start: slots
steps:
  slots:
    request: { get: clinic/slots, into: slots }
    failed: sorry
    next: hang-up
  sorry: { say: Please call again., next: hang-up }
`

describe('a backend whose settings the admin has not made', () => {
  for (const [url, headers] of [
    ['{{ env.CLINIC_URL }}', ''],
    ['https://clinic.example', 'Authorization: "Bearer {{ env.CLINIC_TOKEN }}"'],
  ] as const)
    it(`${url} ${headers} is not asked`, () => {
      const call = new Played(compiled(flow(url, headers), 'case.yaml'))
      const effects = call.heard.flatMap((one) => one.effects)
      assert.match(effects.join('; '), /CLINIC_\w+.* is not set/)
    })
})
