/** Sound as numbers: one channel, 16 bit, `rate` samples a second. */
export type Samples = { samples: Int16Array; rate: number }
