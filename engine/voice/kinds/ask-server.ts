type Request = RequestInit & { signal: AbortSignal }

/**
 * What a server answers, as bytes. Rejects with one clause that says what was wrong and holds nothing of what was sent
 * or answered: not reached, an answer over `most` bytes, no success, or a redirect: whoever names an address means it.
 */
export async function askServer(url: string, request: Request, most: number): Promise<Buffer> {
  const answer = await reach(url, request)
  try {
    const isElsewhere = answer.status >= 300 && answer.status < 400
    if (isElsewhere) throw new Error('the server sends us to another address; name that one')
    if (!answer.ok) throw new Error(`the server answers ${answer.status}${meanings[answer.status] ?? ''}`)
    return await read(answer, most)
  } finally {
    // The rest of an answer that nobody reads is not to arrive for minutes.
    await answer.body?.cancel().catch(() => {})
  }
}

/** Any answer of a server, whatever it says; the connection alone is of interest. */
export async function reach(url: string, request: Request): Promise<Response> {
  try {
    return await fetch(url, { ...request, redirect: 'manual' })
  } catch (error) {
    throw failure(error, request.signal)
  }
}

const meanings: Record<number, string> = {
  401: '; check its key',
  403: '; check its key',
  404: '; check its address and the name of the model',
  429: ': it is asked too often',
}

async function read(answer: Response, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  const reader = answer.body?.getReader()
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      pieces.push(next.value)
      bytes += next.value.length
      if (bytes > most) throw new TooMuch(`the server sends more than ${most / 1_000_000} MB`)
    }
  } catch (error) {
    throw error instanceof TooMuch ? error : failure(error)
  } finally {
    await reader?.cancel().catch(() => {})
    reader?.releaseLock()
  }
  return Buffer.concat(pieces)
}

class TooMuch extends Error {}

function failure(error: unknown, signal?: AbortSignal): Error {
  const isLate = signal?.aborted || (error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name))
  if (isLate) return new Error('the server takes too long', { cause: error })
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === 'object' && cause && 'code' in cause ? ` (${cause.code})` : ''
  return new Error(`the server cannot be reached, or breaks off${code}`, { cause: error })
}
