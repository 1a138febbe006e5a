import type { FlowError } from '../engine/language/mistakes.ts'
import type { Rehearsal, Result } from './rehearse.ts'
import { inFull } from './report.ts'

/** What JUnit's XML tells of a hotline: its tests, or why they did not run. */
export type Suite = Rehearsal | { name: string; broken: FlowError[] }

type Counts = { tests: number; failures: number; errors: number }

/** What came of the tests, as JUnit's XML: a suite for each hotline, a case for each test. */
export function junit(suites: Suite[]): string {
  const all = suites.map(countsOf)
  const sum = (of: keyof Counts): number => all.reduce((total, counts) => total + counts[of], 0)
  const counts = { tests: sum('tests'), failures: sum('failures'), errors: sum('errors') }
  const root = element('testsuites', { name: 'callwright', ...counts }, suites.map(suiteXml))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

function countsOf(suite: Suite): Counts {
  if ('broken' in suite) return { tests: suite.broken.length, failures: 0, errors: suite.broken.length }
  const failures = suite.results.filter(({ failure }) => failure).length
  const errors = suite.mistakes.length
  return { tests: suite.results.length + errors, failures, errors }
}

function suiteXml(suite: Suite): string {
  const { name } = suite
  const errors = 'broken' in suite ? suite.broken : suite.mistakes
  const results = 'broken' in suite ? [] : suite.results
  const cases = [...results.map((one) => resultXml(name, one)), ...errors.map((one) => errorXml(name, one))]
  return element('testsuite', { name, ...countsOf(suite), time: seconds('broken' in suite ? 0 : suite.ms) }, cases)
}

function resultXml(classname: string, { conversation, failure, file, ms }: Result): string {
  const { line } = conversation.place()
  const attributes = { classname, name: conversation.test, file, line, time: seconds(ms) }
  if (!failure) return element('testcase', attributes)
  const words = escaped(inFull({ conversation, failure }))
  return element('testcase', attributes, [`<failure message="${attribute(failure.reason)}">${words}</failure>`])
}

function errorXml(classname: string, mistake: FlowError): string {
  const { file, line, column } = mistake.place
  const name = `${file}:${line}:${column}`
  const { code, detail } = mistake
  const error = `<error type="${code}" message="${attribute(detail)}">${escaped(mistake.pretty())}</error>`
  return element('testcase', { classname, name, file, line }, [error])
}

function element(name: string, attributes: Record<string, string | number>, inner: string[] = []): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
  const opening = `<${name}${given.join('')}`
  return inner.length === 0 ? `${opening}/>` : `${opening}>\n${inner.join('\n')}\n</${name}>`
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

/** Characters that XML 1.0 cannot hold, escaped or not. */
// oxlint-disable-next-line no-control-regex
const impossible = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const escaped = (raw: string): string =>
  raw
    .replaceAll(impossible, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
const attribute = (raw: string): string =>
  escaped(raw).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
