import assert from 'node:assert/strict'
import { Counter, gauge, Histogram, textOf } from '../../engine/health/series.ts'
import { WorstLately } from '../../engine/health/worst-lately.ts'
import { VirtualClock } from '../../engine/clock.ts'

/** Source: the text format of Prometheus, version 0.0.4. */
describe('the text for Prometheus', () => {
  it('has a counter, a gauge and a histogram as they are written there', () => {
    const keys = new Counter('keys_total', 'Keys.')
    keys.add({ hotline: 'clinic' })
    keys.add({ hotline: 'clinic' })
    keys.add({ hotline: 'power' })
    const waits = new Histogram('wait_seconds', 'Waits.', [0.5, 1])
    for (const wait of [0.25, 0.5, 0.75, 3]) waits.observe({ line: 'asterisk' }, wait)
    assert.equal(
      textOf([keys.family(), gauge('up', 'Up.', 1), gauge('unknown', 'Left out.', undefined), waits.family()]),
      `# HELP keys_total Keys.
# TYPE keys_total counter
keys_total{hotline="clinic"} 2
keys_total{hotline="power"} 1
# HELP up Up.
# TYPE up gauge
up 1
# HELP wait_seconds Waits.
# TYPE wait_seconds histogram
wait_seconds_bucket{line="asterisk",le="0.5"} 2
wait_seconds_bucket{line="asterisk",le="1"} 3
wait_seconds_bucket{line="asterisk",le="+Inf"} 4
wait_seconds_sum{line="asterisk"} 4.5
wait_seconds_count{line="asterisk"} 4
`,
    )
  })

  it('lets no label break out of its place', () => {
    const odd = new Counter('odd_total', 'Two\nlines, \\.')
    odd.add({ queue: 'a"} 1\nevil 7 \\' })
    assert.equal(
      textOf([odd.family()]),
      `# HELP odd_total Two\\nlines, \\\\.\n# TYPE odd_total counter\nodd_total{queue="a\\"} 1\\nevil 7 \\\\"} 1\n`,
    )
  })

  it('never grows beyond 500 series and the rest', () => {
    const many = new Counter('many_total', 'Many.')
    for (let i = 0; i < 10_000; i++) many.add({ hotline: `h${i}` })
    const { samples } = many.family()
    assert.equal(samples.length, 501)
    assert.deepEqual(samples.at(-1), { labels: { hotline: 'other' }, value: 9_500 })
    many.add({ hotline: 'h7' })
    assert.equal(many.family().samples[7]!.value, 2, 'those that are known go on being counted')
  })
})

describe('the worst of the last hour', () => {
  it('is the greatest, until an hour has gone by', () => {
    const clock = new VirtualClock(0)
    const worst = new WorstLately(clock, 3_600_000)
    assert.equal(worst.value, 0)
    worst.add(5)
    clock.pass(1_800_000)
    worst.add(2)
    worst.add(1)
    assert.equal(worst.value, 5)
    clock.pass(1_740_000)
    assert.equal(worst.value, 5, '59 minutes')
    clock.pass(60_000)
    assert.equal(worst.value, 2)
    clock.pass(3_600_000)
    assert.equal(worst.value, 0)
  })
})
