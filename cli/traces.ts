let named = (trace: string): string => trace

/** How traces of errors are told from now on: where what runs was made from the sources, by their files and lines. */
export function tellTraces(by: (trace: string) => string): void {
  named = by
}

/** The trace of an error as it is told. */
export const traceOf = (error: Error): string | undefined => error.stack && named(error.stack)
