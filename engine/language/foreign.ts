import { nearest } from '../did-you-mean.ts'

/** Words that other programs have for fields and for kinds of steps, by the word that flows have. */
const foreign: Record<string, readonly string[]> = {
  go: ['else', 'goto', 'then', 'to', 'target', 'step', 'next', 'otherwise', 'default'],
  if: ['when', 'condition', 'case'],
  next: ['then', 'goto', 'go', 'go-to'],
  say: ['prompt', 'text', 'message', 'said', 'play', 'speak', 'question', 'words', 'greeting'],
  into: ['variable', 'name', 'save', 'store', 'as', 'var', 'result'],
  message: ['sms', 'text-message', 'body', 'content'],
  text: ['body', 'content', 'message', 'say', 'sms'],
  to: ['number', 'phone', 'target', 'destination'],
  queue: ['name', 'group'],
  wait: ['timeout', 'time-out'],
  'max-wait': ['timeout', 'wait'],
  otherwise: ['else', 'fallback', 'default'],
  'no-match': ['invalid', 'wrong', 'mismatch', 'nomatch', 'wrong-key'],
  'no-input': ['silence', 'noinput', 'nothing'],
  tries: ['attempts', 'retries', 'max-tries'],
  for: ['label', 'text', 'say'],
  menu: ['choice', 'options'],
  collect: ['gather', 'input', 'ask', 'read', 'digits'],
  branch: ['if', 'switch', 'condition', 'case'],
  transfer: ['dial', 'forward', 'connect', 'number', 'phone'],
  request: ['http', 'get', 'post', 'fetch', 'webhook'],
  'hang-up': ['end', 'exit', 'disconnect', 'hangup', 'stop'],
}

/** Which of the words was probably meant by one that is none of them. */
export function wordMeant(word: string, words: Iterable<string>): string | undefined {
  const known = [...words]
  return nearest(word, known) ?? known.find((one) => foreign[one]?.includes(word.toLowerCase()))
}

/** What to write for a field that a kind does not have, when it is more than another name; `path`: where in the step. */
export function insteadIn(kind: string, name: string, value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (kind === 'branch' && /^(else|otherwise|default)$/.test(name))
    return `write - { go: ${typeof value === 'string' ? value : 'NAME'} } as the last entry`
  if (kind === 'menu' && path[0] === 'keys' && /^(if|when|condition)$/.test(name))
    return 'lead the key to a step with branch:, which asks'
  return undefined
}
