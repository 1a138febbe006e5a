let named = (trace: string): string => trace

/** How traces of errors are told from now on: where what runs was made from the sources, by their files and lines. */
export function tellTraces(by: (trace: string) => string): void {
  named = by
}

/** An error as it is told, with the traces of what caused it. */
export const inSources = <T extends { stack?: string }>(error: T): T => (error?.stack === undefined ? error : { ...error, stack: named(error.stack) })
