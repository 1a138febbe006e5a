import assert from 'node:assert/strict'
import { readinessOf, troublesOf } from '../../engine/health/state.ts'
import { seconds } from '../../engine/health/trouble.ts'
import { but, well } from './states.ts'

const clinic = well.hotlines[0]!
const off = but({ asterisk: { state: 'off', drives: false, oldestLease: undefined } })

/** Whether calls should be sent here: for machines. */
describe('an engine is ready', () => {
  const cases: [string, typeof well, string[]][] = [
    ['when Asterisk is connected, it drives, and a hotline answers', well, []],
    ['without any Asterisk, for the page', off, []],
    ['without any Asterisk while prompts are made', { ...off, hotlines: [{ ...clinic, ready: false }] }, []],
    ['though its journal fails', but({ journal: { failing: 4_000_000 } }), []],
    ['not while it stops', but({ stopping: true }), ['it is stopping']],
    [
      'not without Asterisk, when there is to be one',
      but({ asterisk: { state: 'connecting', drives: false } }),
      ['Asterisk is not connected'],
    ],
    [
      'not when it stands by',
      but({ asterisk: { drives: false, standsBy: true } }),
      ['it stands by: another engine drives the calls'],
    ],
    [
      'not before it knows whether it drives',
      but({ asterisk: { drives: false } }),
      ['it is not known yet who drives the calls'],
    ],
    ['before it is known how Asterisk gets at prompts', but({ asterisk: { prompts: { playable: true, words: 'Untried.' } } }), []],
    [
      'not when Asterisk can play none',
      but({ asterisk: { prompts: { playable: false, words: 'It does not see the folder /p.', todo: 'open it' } } }),
      ['Asterisk can play no prompts'],
    ],
    [
      'not before one hotline has its prompts',
      but({ hotlines: [{ ...clinic, ready: false }] }),
      ['no hotline answers'],
    ],
    [
      'not when all hotlines hold mistakes',
      but({ hotlines: [{ ...clinic, live: false, ready: false, mistakes: 2 }] }),
      ['no hotline answers'],
    ],
  ]
  for (const [when, state, why] of cases)
    it(when, () =>
      assert.deepEqual(readinessOf(state), { ready: why.length === 0, why, standsBy: state.asterisk.standsBy }),
    )
})

it('an engine is ready whose callers do not hear some of its prompts, and says so', () => {
  const [all, one] = [['a', 'b'], ['a']].map((unheard) => readinessOf(but({ hotlines: [{ ...clinic, unheard }] })))
  assert.deepEqual(all, { ready: true, why: [], lacks: ['callers of clinic do not hear 2 prompts'], standsBy: false })
  assert.deepEqual(one?.lacks, ['callers of clinic do not hear one prompt'])
})

/** What is wrong, in words, and what to do: for people. */
describe('what is wrong with an engine', () => {
  const cases: [string, typeof well, RegExp[]][] = [
    ['nothing', well, []],
    ['nothing, when it stands by', but({ asterisk: { drives: false, standsBy: true } }), []],
    [
      'nothing, when there is no Asterisk and prompts are still made',
      { ...off, hotlines: [{ ...clinic, ready: false }] },
      [],
    ],
    [
      'the login',
      but({ asterisk: { state: 'refused', words: 'Asterisk refuses our login.' } }),
      [/^Asterisk refuses our login\.$/],
    ],
    [
      'the way to Asterisk',
      but({ asterisk: { state: 'connecting', words: 'Asterisk at 127.0.0.1:5038 does not answer.' } }),
      [/does not answer/],
    ],
    ['the claim', but({ asterisk: { drives: false } }), [/not known whether another engine drives/]],
    [
      'prompts that Asterisk cannot play',
      but({ asterisk: { prompts: { playable: false, words: 'Asterisk does not see the folder /p.', todo: 'open it' } } }),
      [/^Asterisk does not see the folder \/p\.$/],
    ],
    ['nothing, where it reads prompts', but({ asterisk: { prompts: { playable: true, words: 'It reads the folder /p.' } } }), []],
    ['a lease that is nearly over', but({ asterisk: { oldestLease: 2_241 } }), [/not been renewed for 2\.2 s, and it lasts 2\.8 s/]],
    ['no hotline', but({ hotlines: [] }), [/there is no hotline/]],
    [
      'a hotline with mistakes',
      but({ hotlines: [{ ...clinic, live: false, ready: false, mistakes: 1 }] }),
      [/^clinic does not answer: it holds mistakes/],
    ],
    [
      'a hotline without prompts',
      but({ hotlines: [{ ...clinic, ready: false }] }),
      [/^clinic does not answer on the telephone: prompts/],
    ],
    [
      'prompts that nobody hears',
      but({ hotlines: [{ ...clinic, unheard: ['welcome', 'main/keys/1'] }] }),
      [/^callers of clinic do not hear 2 prompts: welcome, main\/keys\/1$/],
    ],
    [
      'a version that was refused',
      but({ hotlines: [{ ...clinic, mistakes: 1 }] }),
      [/newest version of clinic was refused/],
    ],
    [
      'a journal that cannot be opened',
      but({ file: { open: false, trouble: { what: 'there is no room for calls.db', todo: 'df -h', since: 4_360_000 } } }),
      [/^the journal is not open for 4 min: no call would survive a restart; there is no room for calls\.db$/],
    ],
    [
      'a damaged journal, until an admin has seen to it',
      but({ file: { setAside: ['calls.db.damaged-1'] } }),
      [/^the journal was damaged, and was set aside; earlier calls are forgotten: calls\.db\.damaged-1$/],
    ],
    ['a journal that was gone', but({ file: { goneAt: 4_540_000 } }), [/^the journal's file was gone 60 s ago, and a new one/]],
    ['nothing, an hour after that', but({ file: { goneAt: 1_000_000 } }), []],
    [
      'an older dialplan than the flows',
      { ...well, dialplan: [{ what: 'the dialplan of clinic was written from another version', todo: 'write it again' }] },
      [/^the dialplan of clinic was written/],
    ],
    ['a journal that fails', but({ journal: { failing: 4_595_000 } }), [/nothing can be written .* for 5 s/]],
    ['silence', but({ worstSilence: 3_400 }), [/a caller heard nothing for 3\.4 s/]],
    ['a slow event loop', but({ process: { delayP99: 250 } }), [/answers 0\.25 s late/]],
    ['an engine that was frozen', but({ process: { delayWorst: 5_000 } }), [/held up for 5 s/]],
    ['too many open files', but({ process: { descriptors: 900 } }), [/900 of 1024/]],
  ]
  for (const [what, state, told] of cases)
    it(what, () => {
      const troubles = troublesOf(state)
      assert.equal(troubles.length, told.length, JSON.stringify(troubles))
      told.forEach((words, i) => assert.match(troubles[i]!.what, words))
      for (const { todo } of troubles) assert.match(todo, /\w/)
    })

  it('is told at the very limit, and not before', () => {
    assert.deepEqual(
      troublesOf(
        but({ worstSilence: 3_000, asterisk: { oldestLease: 2_240 }, process: { delayP99: 100, delayWorst: 1_000 } }),
      ),
      [],
    )
  })
})

describe('a time', () => {
  it('is told in seconds up to two minutes, then in minutes', () => {
    assert.deepEqual([0, 250, 3_000, 3_040, 3_400, 119_000, 180_000].map(seconds), [
      '0 s',
      '0.25 s',
      '3 s',
      '3 s',
      '3.4 s',
      '119 s',
      '3 min',
    ])
  })
})
