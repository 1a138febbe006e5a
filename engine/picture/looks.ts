import type { Look } from './graph.ts'

/** Colours of the band behind the name, of the outline, and of words in the band: on white, with contrast for small text. */
export type Colours = { band: string; outline: string; words: string }

export const colours: Record<Look, Colours> = {
  says: { band: '#e8eef7', outline: '#5b7391', words: '#2f4560' },
  asks: { band: '#dbe9ff', outline: '#1d56c4', words: '#123b8c' },
  decides: { band: '#fdf0c4', outline: '#9a6a00', words: '#6b4a00' },
  notes: { band: '#efe9f8', outline: '#75589e', words: '#513a75' },
  'hands-over': { band: '#d5f2df', outline: '#14703b', words: '#0c5029' },
  ends: { band: '#2b3441', outline: '#2b3441', words: '#ffffff' },
}

export const unreached: Colours = { band: '#fde3e1', outline: '#c02b1d', words: '#8f1c11' }
export const several: Colours = { band: '#f1f3f6', outline: '#6a7584', words: '#3c4653' }
export const ink = {
  text: '#1a2129',
  quiet: '#556070',
  line: '#3c4a5c',
  trouble: '#78859a',
  paper: '#ffffff',
  rule: '#e3e7ec',
}

/** The outline of a box of a width and a height. Each look has its own: no one needs colours to tell them apart. */
export function outline(look: Look | 'several', w: number, h: number): string {
  switch (look) {
    case 'says':
      return round(w, h, 12)
    case 'asks':
      return round(w, h, 2)
    case 'hands-over':
      return round(w, h, 7)
    case 'ends':
      return round(w, h, 15)
    case 'decides':
      return `M10,0H${w - 10}L${w},10V${h - 10}L${w - 10},${h}H10L0,${h - 10}V10Z`
    case 'notes':
      return `M0,0H${w - 12}L${w},12V${h}H0Z`
    case 'several':
      return round(w, h, 4)
  }
}

const round = (w: number, h: number, r: number): string =>
  `M${r},0H${w - r}A${r},${r} 0 0 1 ${w},${r}V${h - r}A${r},${r} 0 0 1 ${w - r},${h}H${r}A${r},${r} 0 0 1 0,${h - r}V${r}A${r},${r} 0 0 1 ${r},0Z`

/** Signs of 14 by 14, as lines: for the kinds that have one of their own, else for the look. */
const signs: Record<string, string> = {
  says: 'M2,2H12V9H7L4,12V9H2Z',
  asks: 'M3,2V2.1M7,2V2.1M11,2V2.1M3,6V6.1M7,6V6.1M11,6V6.1M3,10V10.1M7,10V10.1M11,10V10.1M7,13.6V13.7',
  collect: 'M1,3H13V11H1ZM4,6V8M7,6V8M10,6V8',
  decides: 'M7,1L13,7L7,13L1,7Z',
  hours: 'M7,1A6,6 0 1 1 6.9,1ZM7,3.5V7L9.5,8.5',
  notes: 'M2,5H12M2,9H12',
  outcome: 'M3,13V1.5H12L9.5,4.5L12,7.5H3',
  'hands-over': 'M7,1.5A2.6,2.6 0 1 1 6.9,1.5ZM1.8,13C1.8,6.9 12.2,6.9 12.2,13',
  transfer: 'M1,7H12M8,3L12,7L8,11M1,3V11',
  ends: 'M1.5,9.5C1.5,4.5 12.5,4.5 12.5,9.5L9.8,10V8H4.2V10Z',
  several: 'M2,3H12M2,7H12M2,11H12',
}

/** The sign of a kind. */
export const signOf = (kind: string, look: Look | 'several'): string => signs[kind] ?? signs[look]!
