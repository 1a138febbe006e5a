const orders = new WeakMap<object, string[]>()

/** Remembers the order in which names were written: JavaScript sorts names like `1` and `0` first. */
export function writtenOrder<T extends object>(data: T, names: string[]): T {
  orders.set(data, [...new Set(names)])
  return data
}

/** The names of a mapping in the order of the file. */
export const namesInOrder = (data: object): string[] => orders.get(data) ?? Object.keys(data)
