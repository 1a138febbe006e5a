import assert from 'node:assert/strict'
import { readHotlines } from '../../engine/hotlines.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { packFor, type Moment, type Way } from '../../engine/saying/index.ts'
import { readTestFile, testFiles } from '../../rehearsal/read.ts'
import { rehearse } from '../../rehearsal/rehearse.ts'
import { inFull } from '../../rehearsal/report.ts'

/** The language that `docs/authors/languages.md` shows how to add. */
const fr = packFor('fr')!
const paris: Moment = { now: Date.parse('2026-02-20T10:00:00+01:00'), zone: 'Europe/Paris', currency: 'EUR' }

describe('French', () => {
  const values: [Way, unknown, string | undefined][] = [
    ['digits', '+33142685300', 'plus 3 3, 1 4 2, 6 8 5, 3 0 0'],
    ['digits', '*21#', 'étoile 2 1 dièse'],
    ['number', -3.5, 'moins 3,5'],
    ['money', 26.5, '26 euros 50'],
    ['money', '1 EUR', '1 euro'],
    ['money', '0.50 EUR', '50 centimes'],
    ['money', '3.50 CHF', '3 francs suisses 50'],
    ['date', '2026-03-01T21:30', 'dimanche 1er mars'],
    ['date', '2026-03-21', 'samedi 21 mars'],
    ['date', '1955-12-01', 'jeudi 1er décembre 1955'],
    ['time', '21:30', '21 heures 30'],
    ['time', '1:05', '1 heure 5'],
    ['time', '0:15', '0 heure 15'],
    ['time', '12:00', 'midi'],
    ['time', '0:00', 'minuit'],
    ['duration', 3661, '1 heure et 1 minute'],
    ['duration', 5400, '1 heure et 30 minutes'],
    ['spell', 'é-ç7', 'E accent aigu, tiret, C cédille, 7'],
    ['words', 'Dupont & Cie, 5%', 'Dupont et Cie, 5 pour cent'],
    ['date', 'demain', undefined],
  ]
  for (const [way, value, said] of values)
    it(`${JSON.stringify(value)} | ${way} -> ${said}`, () => assert.equal(fr[way](value, paris), said))

  const offers: [string, string, string][] = [
    ['prendre un rendez-vous', '1', 'Pour prendre un rendez-vous, appuyez sur le 1.'],
    ['pour une facture.', '2', 'Pour une facture, appuyez sur le 2.'],
    ["l'accueil", '*', "Pour l'accueil, appuyez sur la touche étoile."],
    ['la fin', '#', 'Pour la fin, appuyez sur la touche dièse.'],
  ]
  for (const [label, key, said] of offers) it(said, () => assert.equal(fr.menuItem(label, key), said))

  it('finds a key named before its matter', () => {
    const named = ['Appuyez sur le 1 pour une facture.', 'Tapez 2 pour une facture.', 'Appuyez sur la touche étoile, si vous voulez.']
    for (const text of named) assert.match(text, fr.keyFirst!)
    assert.doesNotMatch('Pour une facture, appuyez sur le 1.', fr.keyFirst!)
  })
})

describe('a hotline in French', () => {
  const [hotline] = readHotlines('test/saying/flows')
  const flow = hotline!.compiled?.flow

  it('is free of mistakes and warnings', () => assert.deepEqual(hotline!.mistakes.map((one) => one.pretty()), []))

  it('is missed a text in French as in any language', () => {
    const { mistakes } = checkFlow('hotline: X\nnumbers: ["1"]\nlanguages: [en, fr]\nsteps: { a: { say: { en: Hello }, next: hang-up } }', { name: 'x', file: 'x.yaml' })
    assert.match(mistakes.map(String).join('\n'), /missing-text/)
  })

  for (const file of testFiles(hotline!.file)) {
    const { conversations, mistakes } = readTestFile(file, flow)
    it('has tests without a mistake', () => assert.deepEqual(mistakes.map((one) => one.pretty()), []))
    for (const conversation of conversations)
      it(conversation.test, async () => {
        const failure = await rehearse(hotline!.compiled!, conversation)
        if (failure) throw new Error(inFull({ conversation, failure }))
      })
  }
})
