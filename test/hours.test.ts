import assert from 'node:assert/strict'
import { isHolidayRegion, isOpen, isZone, parseHours, type Hours } from '../engine/hours.ts'

function hoursOf(raw: unknown): Hours {
  const read = parseHours(raw)
  return 'hours' in read ? read.hours : assert.fail(JSON.stringify(read.mistakes))
}

const canberra = 'Australia/Canberra'
const berlin = 'Europe/Berlin'

type Case = [name: string, raw: object, zone: string, open: string[], closed: string[]]

/** 23 November 2026 is a Monday. Clocks change in Canberra on 5 April and 4 October, in Berlin 29 March, 25 October. */
const cases: Case[] = [
  [
    'a week',
    { 'Mo-Fr': '07:00-19:00', Sa: '8:00-16:00' },
    canberra,
    ['2026-11-23T07:00+11:00', '2026-11-27T18:59:59+11:00', '2026-11-28T08:00+11:00'],
    ['2026-11-23T06:59:59+11:00', '2026-11-23T19:00+11:00', '2026-11-28T16:00+11:00', '2026-11-29T12:00+11:00'],
  ],
  [
    'a noon break, days in a list, German names',
    { 'Mo, Mi-Do': '08:00-12:00, 13:00-17:00', Di: '13:00-17:00, 08:00-09:00', So: '10:00–11:00' },
    berlin,
    [
      '2026-11-23T11:59+01:00',
      '2026-11-25T13:00+01:00',
      '2026-11-26T16:59+01:00',
      '2026-11-24T08:30+01:00',
      '2026-11-29T10:30+01:00',
    ],
    ['2026-11-23T12:30+01:00', '2026-11-24T09:30+01:00', '2026-11-27T10:00+01:00'],
  ],
  [
    'a range over the end of the week',
    { 'Sa-Mo': '10:00-11:00' },
    berlin,
    ['2026-11-28T10:00+01:00', '2026-11-29T10:00+01:00', '2026-11-30T10:00+01:00'],
    ['2026-12-01T10:00+01:00', '2026-11-27T10:00+01:00'],
  ],
  [
    'across midnight, also from Sunday to Monday',
    { 'Fr, Su': '22:00-06:00' },
    berlin,
    ['2026-11-27T22:00+01:00', '2026-11-28T05:59+01:00', '2026-11-30T00:00+01:00', '2026-11-30T05:59+01:00'],
    ['2026-11-27T05:00+01:00', '2026-11-28T06:00+01:00', '2026-11-28T22:00+01:00', '2026-11-29T05:00+01:00'],
  ],
  [
    'round the clock, in both forms, and until midnight',
    { Mo: '24h', Tu: '00:00-24:00', We: '18:00-24:00', Th: 'closed' },
    berlin,
    ['2026-11-23T00:00+01:00', '2026-11-23T23:59:59.999+01:00', '2026-11-24T00:00+01:00', '2026-11-25T23:59+01:00'],
    ['2026-11-22T23:59+01:00', '2026-11-25T00:00+01:00', '2026-11-26T00:00+01:00'],
  ],
  [
    'public holidays of the region, not of another',
    { 'Mo-Su': '08:00-18:00', holidays: 'AU-ACT' },
    canberra,
    ['2026-03-10T12:00+11:00', '2026-11-03T12:00+11:00'],
    // Canberra Day, Easter Saturday, Reconciliation Day
    ['2026-03-09T12:00+11:00', '2026-04-04T12:00+11:00', '2026-06-01T12:00+10:00', '2027-01-01T12:00+11:00'],
  ],
  [
    'half a holiday: Christmas Eve in South Australia from 19:00',
    { 'Mo-Su': '08:00-22:00', holidays: 'AU-SA' },
    'Australia/Adelaide',
    ['2026-12-24T18:59+10:30', '2026-12-23T21:00+10:30'],
    ['2026-12-24T19:00+10:30', '2026-12-25T12:00+10:30'],
  ],
  [
    'a night that begins before a holiday goes on into it; none begins on it',
    { 'Mo-Su': '22:00-06:00', holidays: 'DE-BY' },
    berlin,
    // 1 May 2026 is a Friday
    ['2026-04-30T23:00+02:00', '2026-05-01T05:59+02:00', '2026-05-02T22:00+02:00'],
    ['2026-05-01T06:00+02:00', '2026-05-01T22:00+02:00', '2026-05-02T03:00+02:00'],
  ],
  [
    'exceptions before holidays and week',
    {
      'Mo-Fr': '07:00-19:00',
      holidays: 'DE',
      except: {
        '2026-12-24': '07:00-12:00',
        '2026-12-25': '10:00-11:00',
        '2026-12-28': 'closed',
        '2026-12-31': '22:00-02:00',
      },
    },
    berlin,
    [
      '2026-12-24T11:59+01:00',
      '2026-12-25T10:30+01:00',
      '2026-12-29T08:00+01:00',
      '2026-12-31T23:00+01:00',
      '2027-01-01T01:59+01:00',
    ],
    [
      '2026-12-24T12:00+01:00',
      '2026-12-25T09:00+01:00',
      '2026-12-28T08:00+01:00',
      '2026-12-31T08:00+01:00',
      '2027-01-01T02:00+01:00',
    ],
  ],
  [
    'clocks go forward in Berlin: 02:30 does not come, 03:00 does',
    { Su: '02:30-04:00' },
    berlin,
    ['2026-03-29T03:00+02:00', '2026-03-29T01:00Z', '2026-03-29T03:59+02:00'],
    ['2026-03-29T00:59:59Z', '2026-03-29T04:00+02:00'],
  ],
  [
    'clocks go back in Berlin: 02:30 comes twice',
    { Su: '02:30-03:00' },
    berlin,
    ['2026-10-25T02:30+02:00', '2026-10-25T02:30+01:00', '2026-10-25T02:59+01:00'],
    ['2026-10-25T02:00+01:00', '2026-10-25T03:00+01:00'],
  ],
  [
    'a night with a clock change in Canberra, both ways',
    { Sa: '22:00-06:00' },
    canberra,
    [
      '2026-04-05T02:30+11:00',
      '2026-04-05T02:30+10:00',
      '2026-04-05T05:59+10:00',
      '2026-10-04T03:00+11:00',
      '2026-10-04T05:59+11:00',
    ],
    ['2026-04-05T06:00+10:00', '2026-10-04T06:00+11:00', '2026-10-03T21:59+10:00'],
  ],
  [
    'noon stays noon on the days of change in Canberra',
    { Su: '12:00-13:00' },
    canberra,
    ['2026-04-05T12:00+10:00', '2026-10-04T12:00+11:00'],
    ['2026-04-05T13:00+10:00', '2026-10-04T11:59+11:00', '2026-10-04T13:00+11:00'],
  ],
]

describe('opening hours', () => {
  for (const [name, raw, zone, open, closed] of cases) {
    it(name, () => {
      const hours = hoursOf(raw)
      for (const at of open) assert.equal(isOpen(hours, Date.parse(at), zone), true, `open at ${at}`)
      for (const at of closed) assert.equal(isOpen(hours, Date.parse(at), zone), false, `closed at ${at}`)
    })
  }

  it('are plain data', () => {
    const hours = hoursOf(cases[8]?.[1])
    assert.deepEqual(JSON.parse(JSON.stringify(hours)), hours)
  })

  it('do not guess a zone that does not exist', () => {
    assert.throws(() => isOpen(hoursOf({ Mo: '24h' }), 0, 'Australia/Canbera'), /Australia\/Canbera/)
  })
})

describe('mistakes in opening hours', () => {
  const mistakes: [raw: unknown, path: (string | number)[], message: RegExp, suggestion: RegExp][] = [
    ['24h', [], /days and their times/, /Mo-Fr: 07:00-19:00/],
    [null, [], /days and their times/, /Mo-Fr/],
    [['Mo'], [], /days and their times/, /Mo-Fr/],
    [{}, [], /no day/, /Mo-Fr/],
    [{ holidays: 'DE' }, [], /no day/, /Mo-Fr/],
    [{ 'Monday - Friday': '07:00-19:00' }, ['Monday - Friday'], /no day/, /did you mean "Mo-Fr"\?/],
    [{ Dienstag: '07:00-19:00' }, ['Dienstag'], /no day/, /did you mean "Di"\?/],
    [{ 'Mon., wed': '07:00-19:00' }, ['Mon., wed'], /no day/, /did you mean "Mo, We"\?/],
    [{ daily: '07:00-19:00' }, ['daily'], /no day/, /did you mean "Mo-Su"\?/],
    [{ constructor: '07:00-19:00' }, ['constructor'], /no day/, /write days as/],
    [{ 'Mo-We-Fr': '24h' }, ['Mo-We-Fr'], /no day/, /write days as/],
    [{ 'Mo-Fr': '24h', We: 'closed' }, ['We'], /above already/, /one line/],
    [{ Mo: '7-19' }, ['Mo'], /no times/, /did you mean "07:00-19:00"\?/],
    [{ Mo: '7.30 bis 19 Uhr' }, ['Mo'], /no times/, /"07:30-19:00"/],
    [{ Mo: 'geschlossen' }, ['Mo'], /no times/, /"closed"/],
    [{ Mo: '24/7' }, ['Mo'], /no times/, /"24h"/],
    [{ Mo: '07:00-25:00' }, ['Mo'], /no times/, /write 07:00-19:00/],
    [{ Mo: '07:60-19:00' }, ['Mo'], /no times/, /write 07:00-19:00/],
    [{ Mo: '24:00-06:00' }, ['Mo'], /no times/, /write/],
    [{ Mo: '08:00-08:00' }, ['Mo'], /no times/, /write/],
    [{ Mo: '08:00' }, ['Mo'], /no times/, /write/],
    [{ Mo: 8 }, ['Mo'], /missing/, /write/],
    [{ Mo: null }, ['Mo'], /missing/, /write/],
    [{ Mo: '08:00-12:00, 11:00-17:00' }, ['Mo'], /overlap/, /did you mean "08:00-17:00"\?/],
    [{ Mo: '22:00-06:00, 23:00-24:00' }, ['Mo'], /overlap/, /did you mean "22:00-06:00"\?/],
    [{ Sa: '12:00-09:00' }, ['Sa'], /past midnight, for 21 hours/, /did you mean "09:00-12:00"\? if not, write 12:00-24:00, and 00:00-09:00/],
    [{ 'Sa-Xy': '09:00-12:00' }, ['Sa-Xy'], /no day/, /write days as/],
    [{ 'Xy-Sa': '09:00-12:00' }, ['Xy-Sa'], /no day/, /write days as/],
    [{ Mo: '8:30am - 5pm' }, ['Mo'], /no times/, /"08:30-17:00"/],
    [{ Mo: '9 a.m. to 12.30 p.m.' }, ['Mo'], /no times/, /"09:00-12:30"/],
    [{ Mo: '24h', holidays: 'AU-ATC' }, ['holidays'], /"AU-ATC"/, /there are AU, AU-ACT, AU-NSW/],
    [{ Mo: '24h', holidays: 'de_by' }, ['holidays'], /"de_by"/, /"DE-BY"/],
    [{ Mo: '24h', holidays: 'Bayern' }, ['holidays'], /"Bayern"/, /"DE-BY"/],
    [{ Mo: '24h', holidays: 'Germany' }, ['holidays'], /"Germany"/, /"DE"/],
    [{ Mo: '24h', holidays: 'Atlantis' }, ['holidays'], /"Atlantis"/, /AU-ACT/],
    [{ Mo: '24h', holidays: '???' }, ['holidays'], /"\?\?\?"/, /AU-ACT/],
    [{ Mo: '24h', holidays: true }, ['holidays'], /not named/, /AU-ACT/],
    [{ Mo: '24h', except: ['2026-12-24'] }, ['except'], /dates and their times/, /2026-12-24/],
    [{ Mo: '24h', except: { '2026-02-29': 'closed' } }, ['except', '2026-02-29'], /no date/, /2026-12-24/],
    [{ Mo: '24h', except: { '24.12.2026': 'closed' } }, ['except', '24.12.2026'], /no date/, /"2026-12-24"/],
    [{ Mo: '24h', except: { '2026-12-24': '7-12' } }, ['except', '2026-12-24'], /no times/, /"07:00-12:00"/],
  ]
  for (const [raw, path, message, suggestion] of mistakes) {
    it(JSON.stringify(raw), () => {
      const read = parseHours(raw)
      const [first, ...more] = 'mistakes' in read ? read.mistakes : assert.fail('no mistake was found')
      assert.deepEqual(first?.path, path)
      assert.match(first?.message ?? '', message)
      assert.match(first?.suggestion ?? '', suggestion)
      assert.deepEqual(more, [])
    })
  }

  it('come all at once, in the order of the file', () => {
    const read = parseHours({ Mon: '7-8', except: { never: 'x' }, holidays: 'Q', Tu: '' })
    const paths = 'mistakes' in read ? read.mistakes.map(({ path }) => path.join('.')) : []
    assert.deepEqual(paths, ['Mon', 'Mon', 'except.never', 'holidays', 'Tu'])
  })
})

describe('names of regions and zones', () => {
  it('regions', () => {
    const right = ['AU', 'AU-ACT', 'DE-BY', 'DE-BY-A', 'AT', 'NZ']
    const wrong = ['', 'au', 'XX', 'AU-', 'AU-ACT-', 'AU-ACT-X', 'DE-BY-A-B', 'constructor', 'AU-constructor', '../etc']
    assert.deepEqual(right.filter(isHolidayRegion), right)
    assert.deepEqual(wrong.filter(isHolidayRegion), [])
  })

  it('zones', () => {
    const right = [canberra, berlin, 'UTC']
    const wrong = ['', 'Canberra', 'Australia/Canbera', '../etc/passwd', 'local']
    assert.deepEqual(right.filter(isZone), right)
    assert.deepEqual(wrong.filter(isZone), [])
  })
})
