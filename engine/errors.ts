/** Where in a flow file something is. Lines and columns count from 1. */
export type Place = { file: string; line: number; column: number }

/**
 * The platform's failure: Asterisk, a voice or the network did not do its part. Never the author's mistake
 * (that is a `FlowError`) and never the caller's doing (that is an event).
 */
export class TelephonyError extends Error {
  override name = 'TelephonyError'
  readonly code: TelephonyErrorCode
  constructor(code: TelephonyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export type TelephonyErrorCode =
  | 'link-lost' // the connection to Asterisk ended before the answer came
  | 'login-refused' // wrong AMI user or password, or this address is not allowed
  | 'no-answer' // the deadline of an action passed
  | 'action-refused' // Asterisk answered "Error"
  | 'unsafe-value' // a value held CR, LF or NUL and was not sent
  | 'voice-failed' // a prompt could not be spoken
