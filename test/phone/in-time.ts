/** The promise's result, or after `ms` an error in these words. The timer ends with the promise. */
export async function inTime<T>(promise: Promise<T>, ms: number, otherwise: string | (() => string)): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(typeof otherwise === 'string' ? otherwise : otherwise())), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
