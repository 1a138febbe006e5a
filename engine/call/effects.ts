/** A stretch of a prompt in one language. */
export type PromptPart = {
  /** All that is said in it. */
  text: string
  /** RFC 5646 tag, `en`, `de`. */
  language: string
  /** The name of its text, the same in all languages; see `text-path.ts`. */
  name?: string
  /** The recording of just these words that lies beside the flow, by its content; see `Recording.hash`. */
  recording?: string
  /** Who is to speak it when there is no recording. Default: whom the admin has chosen for the language. */
  voice?: VoiceChoice
  /** Of a text with values in it: its words and its values one by one, which together say `text`. */
  pieces?: PromptPiece[]
}

/** Words that are the same in every call, with their name and perhaps a recording, or a value said in some `way`. */
export type PromptPiece = { text: string; name?: string; recording?: string } | { text: string; way: string }

/** The names of voices, the best one first; `pace` 1 is the voice's own, 0.5 half as quick. */
export type VoiceChoice = { by?: readonly string[]; pace?: number }

/** What the caller is to hear, in order; played as one sound. Never empty. */
export type Prompt = PromptPart[]

/** What the agent is shown beside who called: the name of the answer and its value. */
export type Told = Record<string, string>

/** What the engine asks of a line. Times in milliseconds. `id` comes back in the event that ends it. */
export type LineEffect =
  /** `bargeIn`: the line may stop the prompt by itself at the first key, before the engine knows of it. */
  | { type: 'play'; id: number; prompt: Prompt; bargeIn: boolean }
  | { type: 'stop-playback' }
  /** Hands the caller over to agents. `maxWait` 0 means without limit. */
  | { type: 'queue'; id: number; queue: string; maxWait: number; tell: Told }
  | { type: 'transfer'; id: number; to: string; ring: number }
  /**
   * A tone, then the caller speaks: until the key `end`, until `silence` milliseconds without a word, or for the
   * `longest` milliseconds. `recording`: the name under which it is kept, `[A-Za-z0-9.-]`.
   */
  | { type: 'record'; id: number; recording: string; longest: number; silence: number; end: string }
  /** Plays what was recorded; ends like a prompt. */
  | { type: 'replay'; id: number; recording: string; bargeIn: boolean }
  | { type: 'hang-up' }

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What is asked of a backend; `timeout` in milliseconds. */
export type Asked = {
  method: Method
  url: string
  headers: Record<string, string>
  json?: unknown
  timeout: number
  /** The same for every try of this request, so that it takes effect once. */
  idempotencyKey: string
  /** It holds a secret: only to be sent where nobody on the way can read it. */
  confidential?: true
}

/** What a caller has left for people to deal with. */
export type Left =
  | { kind: 'voicemail'; box: string; recording: string; ms: number; tell: Told }
  /** The people of `queue` are to call `number`. */
  | { kind: 'callback'; queue: string; number: string; tell: Told }
  /** `score` is one of `least` to `most`. */
  | { kind: 'survey'; score: number; least: number; most: number }
  /** A text message that is to be sent to a telephone. */
  | { kind: 'message'; to: string; text: string }

/** What the engine asks of the outside world. */
export type Effect =
  | LineEffect
  | { type: 'start-timer'; timer: string; ms: number }
  | { type: 'cancel-timer'; timer: string }
  /** Asks a backend. `refused`: the address or the body could not be made, for the reason given. */
  | { type: 'request'; id: number; backend: string; asked: Asked | { refused: string } }
  /** Hands over what the caller has left. `refused`: it could not be made up, for the reason given. */
  | { type: 'deliver'; id: number; left: Left | { refused: string } }
  | { type: 'outcome'; name: string }
  /** For the record of the call; agents are told of it at the hand-over. */
  | { type: 'note'; text: string }
  /** The call is at this step now. */
  | { type: 'enter'; step: string }
  /** The call leaves a step by one of its ways: `next`, `key 1`, `otherwise`. */
  | { type: 'leave'; step: string; way: string }
  /** Something could not be computed and was passed over; words for an admin. */
  | { type: 'trouble'; words: string }
