import { nearest } from '../did-you-mean.ts'

/** Words that other programs have for fields and for kinds of steps, by the word that flows have. */
const foreign: Record<string, readonly string[]> = {
  go: ['else', 'goto', 'then', 'to', 'target', 'step'],
  next: ['then', 'goto', 'go', 'go-to'],
  say: ['prompt', 'text', 'message', 'play', 'speak', 'question'],
  into: ['variable', 'name', 'save', 'store', 'as', 'var', 'result'],
  wait: ['timeout', 'time-out'],
  'max-wait': ['timeout', 'wait'],
  otherwise: ['else', 'fallback', 'default'],
  tries: ['attempts', 'retries', 'max-tries'],
  for: ['label', 'text', 'say'],
  menu: ['choice', 'options'],
  collect: ['gather', 'input', 'ask', 'read', 'digits'],
  branch: ['if', 'switch', 'condition', 'case'],
  transfer: ['dial', 'forward', 'connect'],
  request: ['http', 'get', 'post', 'fetch', 'webhook'],
  'hang-up': ['end', 'exit', 'disconnect', 'hangup', 'stop'],
}

/** Which of the words was probably meant by one that is none of them. */
export function wordMeant(word: string, words: Iterable<string>): string | undefined {
  const known = [...words]
  return nearest(word, known) ?? known.find((one) => foreign[one]?.includes(word.toLowerCase()))
}
